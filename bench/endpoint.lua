-- wrk: the requests of a file, one path a line, in an order of each run's own; results as one JSON line.
local paths = {}
local accept = "*/*"

function init(arguments)
  for line in io.lines(arguments[1]) do paths[#paths + 1] = line end
  accept = arguments[2]
  math.randomseed(1939)
end

function request()
  return wrk.format("GET", paths[math.random(#paths)], { ["Accept"] = accept, ["Host"] = wrk.host })
end

function done(summary, latency)
  local failed = summary.errors.status + summary.errors.timeout + summary.errors.read + summary.errors.connect
  io.write(string.format('\n{"requests": %d, "failed": %d, "seconds": %f, "p50": %f, "p99": %f, "bytes": %d}\n',
    summary.requests, failed, summary.duration / 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    summary.bytes))
end
