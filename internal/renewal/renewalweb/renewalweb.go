// Package renewalweb is the pages of renewals: for schools their reserved area, the renewal form and its confirmations;
// for the vendor's office the work list.
package renewalweb
