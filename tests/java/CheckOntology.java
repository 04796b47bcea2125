import java.io.File;
import org.semanticweb.HermiT.ReasonerFactory;
import org.semanticweb.owlapi.apibinding.OWLManager;
import org.semanticweb.owlapi.model.OWLClass;
import org.semanticweb.owlapi.model.OWLOntology;
import org.semanticweb.owlapi.profiles.OWL2DLProfile;
import org.semanticweb.owlapi.profiles.OWLProfileViolation;
import org.semanticweb.owlapi.reasoner.OWLReasoner;

/**
 * Prints what OWLAPI and HermiT say of the ontology in a file: a line each for what breaks OWL 2 DL, for inconsistency
 * and for every class that nothing can belong to; then the count of its axioms.
 */
public class CheckOntology {
  public static void main(String[] args) throws Exception {
    OWLOntology ontology = OWLManager.createOWLOntologyManager().loadOntologyFromOntologyDocument(new File(args[0]));
    for (OWLProfileViolation violation : new OWL2DLProfile().checkOntology(ontology).getViolations()) {
      System.out.println("profile " + violation);
    }
    OWLReasoner reasoner = new ReasonerFactory().createReasoner(ontology);
    if (!reasoner.isConsistent()) {
      System.out.println("inconsistent");
    } else {
      for (OWLClass empty : reasoner.getUnsatisfiableClasses().getEntitiesMinusBottom()) {
        System.out.println("unsatisfiable " + empty);
      }
    }
    System.out.println("axioms " + ontology.getAxiomCount());
  }
}
