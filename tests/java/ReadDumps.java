import java.nio.file.Path;
import org.apache.jena.riot.RDFParser;
import org.apache.jena.riot.lang.StreamRDFCounting;
import org.apache.jena.riot.system.ErrorHandlerFactory;
import org.apache.jena.riot.system.StreamRDFLib;

/**
 * Reads files as Apache Jena does, with its checks of IRIs and literals, each warning an error; prints the name of each
 * and how many triples and quads it holds.
 */
public class ReadDumps {
  public static void main(String[] files) {
    for (String file : files) {
      StreamRDFCounting counted = StreamRDFLib.count();
      RDFParser.source(file).checking(true).errorHandler(ErrorHandlerFactory.errorHandlerStrict).parse(counted);
      System.out.println(Path.of(file).getFileName() + " " + counted.count());
    }
  }
}
