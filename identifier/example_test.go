package identifier_test

import (
	"fmt"

	"rinnova/identifier"
)

// A code that passes comes back in its normal form, with its kind.
func ExampleCIG() {
	r := identifier.CIG("CIG: b1565-a6e0c")
	fmt.Println(r.Verdict, r.Normalised, r.Kind)
	// Output: ok B1565A6E0C SIMOG v2/PCP
}

// A failed check warns: let the person confirm the code, under the reason's Code.
func ExampleCIG_warning() {
	r := identifier.CIG("B1565A6E0D")
	fmt.Println(r.Verdict, r.Code)
	fmt.Println(r.Why.Italian)
	// Output:
	// warn cig.check
	// Forse c’è un errore di battitura. Gli ultimi tre caratteri non corrispondono ai primi sette. Confrontate il codice con quello rilasciato dalla piattaforma.
}

// A code that cannot exist is refused.
func ExampleCIG_refused() {
	r := identifier.CIG("B1565A6EOC")
	fmt.Println(r.Verdict, r.Code)
	fmt.Println(r.Why.English)
	// Output:
	// refused cig.characters
	// Character 9, “O”, cannot be there. Perhaps it is a zero. After its first letter a CIG has only digits and letters A to F. Compare the code with the one that the platform issued.
}

// The kinds that were issued until 2023 are right, but not on an order of a later year.
func ExampleCIGForOrder() {
	fmt.Println(identifier.CIGForOrder("Z6037968C2", 2022).Verdict)
	fmt.Println(identifier.CIGForOrder("Z6037968C2", 2027).Why.Italian)
	// Output:
	// ok
	// Questo CIG è di un tipo (SmartCIG) rilasciato fino al 2023. L’ordine è del 2027. Confrontate il codice con quello rilasciato dalla piattaforma.
}

func ExampleCIGExclusion() {
	fmt.Println(identifier.CIGExclusion("es03").Verdict, identifier.CIGExclusion("ES40").Verdict)
	// Output: ok refused
}

func ExampleMeccanografico() {
	r := identifier.Meccanografico("rgic 82700l")
	fmt.Println(r.Verdict, r.Normalised, r.Kind)
	// Output: ok RGIC82700L istituto comprensivo
}

func ExampleCF() {
	fmt.Println(identifier.CF("80006890646").Kind)
	fmt.Println(identifier.CF("RSSMRA80A01H50MM").Kind) // a letter stands for the last digit
	// Output:
	// codice fiscale numerico
	// codice fiscale di persona
}

func ExampleSchoolCF() {
	fmt.Println(identifier.SchoolCF("12345678903").Why.Italian)
	// Output: Questo sembra una partita IVA o il codice fiscale di un’azienda. Quelli delle scuole cominciano con 8 o con 9. Confrontatelo con il certificato dell’Agenzia delle Entrate.
}

func ExamplePIVA() {
	fmt.Println(identifier.PIVA("IT 12345678903").Normalised)
	// Output: 12345678903
}

func ExampleCUU() {
	fmt.Println(identifier.CUU("UF1A2").Why.Italian)
	// Output: Il codice univoco ha 6 caratteri, lettere e cifre. Qui sono 5. Lo trovate nell’Indice delle pubbliche amministrazioni (IPA).
}

func ExampleCUP() {
	fmt.Println(identifier.CUP("A12 B345 6789 0123").Normalised)
	// Output: A12B34567890123
}
