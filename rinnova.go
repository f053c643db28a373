// Package rinnova is the vocabulary of the portal: the words that every other package speaks.
//
// A vendor renews its yearly support and licence contracts with Italian schools. Each season (a campaign) it
// makes every school a proposal; the school answers with a request, which it confirms as often as it wants
// (each confirmation is a revision) until the vendor's office processes it; processing freezes the request and
// gives it a contract: numbered, digitally signed, sent by mail, kept for ever.
//
// The trade itself lives in the packages below internal/: school, catalog, campaign, renewal, contract, letter,
// account, event. Here is only what all of them share, with the standard library alone: money (Cents), days
// (Date, Period), identities (ID, Actor), sentences for people (Text), errors with a kind (Error) and the
// clock (Clock).
package rinnova
