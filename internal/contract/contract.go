// Package contract is the vendor's answer to a processed request: the numbered, digitally signed contract.
package contract
