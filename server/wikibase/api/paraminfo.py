"""action=paraminfo: what each module takes, from the table that the modules themselves are checked by."""

from __future__ import annotations

from server.wikibase import languages
from server.wikibase.api.call import Call, Json
from server.wikibase.api.parameters import MOST_VALUES, Module, Parameter, modules, submodules

IMPLIED = {"mainmodule": "main", "pagesetmodule": "query"}
"""The modules that old parameters ask for without naming them."""


def paraminfo(call: Call) -> Json:
    """The modules that are asked for; those that do not exist are warned of."""
    asked = [_full(name) for name in call.values.many("paraminfo", "modules")]
    asked += [f"query+{name}" for name in call.values.many("paraminfo", "querymodules")]
    asked += call.values.many("paraminfo", "formatmodules")
    asked += [path for name, path in IMPLIED.items() if call.values.flag("paraminfo", name)]
    shown = []
    for path in dict.fromkeys(asked):
        if path in modules():
            shown.append(_module(modules()[path]))
        else:
            call.values.warn("paraminfo", f'The module "{path[:80]}" does not exist.')
    return {"helpformat": call.values.text("paraminfo", "helpformat"), "modules": shown}


def _full(name: str) -> str:
    return name if name in modules() or "+" in name else f"query+{name}" if f"query+{name}" in modules() else name


def _module(module: Module) -> Json:
    return {
        "name": module.name,
        "classname": f"Api{module.name.capitalize()}",
        "path": module.path,
        **({"group": module.group} if module.group else {}),
        "prefix": module.prefix,
        "source": "zhanshi",
        "readrights": True,
        "mustbeposted": False,
        "description": "",
        "helpurls": [],
        "examples": [],
        "parameters": [_parameter(module, p, place) for place, p in enumerate(module.parameters.values(), 1)],
        "dynamicparameters": False,
        "templatedparameters": [],
    }


def _parameter(module: Module, parameter: Parameter, place: int) -> Json:
    shown: Json = {
        "index": place,
        "name": parameter.name,
        "description": "",
        "required": parameter.required,
        "multi": parameter.multi,
        "type": list(parameter.choices) if parameter.choices else parameter.kind,
    }
    if parameter.default:
        shown["default"] = parameter.default
    if parameter.multi:
        shown |= {"limit": MOST_VALUES, "lowlimit": MOST_VALUES, "highlimit": MOST_VALUES}
    if parameter.kind == "language":
        shown["type"] = list(languages.table())
    if parameter.kind == "limit":
        shown |= {"min": 1, "max": parameter.limit, "highmax": parameter.limit}
    if parameter.kind in ("module", "submodule"):
        group = parameter.name if parameter.kind == "submodule" else "action"
        paths = submodules(module.path, group)
        shown |= {"type": sorted(paths), "submodules": paths}
    return shown
