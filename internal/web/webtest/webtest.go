// Package webtest is what tests of pages need.
package webtest

import (
	"context"
	"sync"
	"time"
)

// Sessions keeps sessions in memory, until they are deleted. The zero value is empty.
type Sessions struct {
	mu   sync.Mutex
	kept map[string][]byte
}

// FindCtx reads a session.
func (s *Sessions) FindCtx(_ context.Context, token string) ([]byte, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b, ok := s.kept[token]
	return b, ok, nil
}

// CommitCtx begins a session.
func (s *Sessions) CommitCtx(_ context.Context, token string, b []byte, _ time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.kept == nil {
		s.kept = map[string][]byte{}
	}
	s.kept[token] = b
	return nil
}

// ChangeCtx writes a session that is there.
func (s *Sessions) ChangeCtx(_ context.Context, token string, b []byte) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.kept[token]
	if ok {
		s.kept[token] = b
	}
	return ok, nil
}

// DeleteCtx ends a session.
func (s *Sessions) DeleteCtx(_ context.Context, token string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.kept, token)
	return nil
}

// Find, Commit and Delete are the same without a context, which scs.Store asks for.
func (s *Sessions) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit begins a session.
func (s *Sessions) Commit(token string, b []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, b, expiry)
}

// Delete ends a session.
func (s *Sessions) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }
