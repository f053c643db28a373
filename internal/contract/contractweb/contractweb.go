// Package contractweb is the pages of contracts: the schools' archive, the public check of a contract by its code, and the
// office's runs.
package contractweb
