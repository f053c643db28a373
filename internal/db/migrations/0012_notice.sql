-- A school's word that it renews nothing of a proposal.

-- +goose Up
ALTER TABLE request ADD COLUMN notice TEXT NOT NULL DEFAULT ''; -- JSON: when, who, why; '' is none
