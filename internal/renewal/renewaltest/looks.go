package renewaltest

import "rinnova/internal/renewal"

// Look makes something to look at in the request $1, and undoes it.
type Look struct{ Make, Undo string }

const ofSchool = ` WHERE id = (SELECT school_id FROM request WHERE id = $1)`

// LooksBySQL are, by code, what makes each of the kinds that come up after a confirmation true of a confirmed request, and nothing else.
var LooksBySQL = map[string][]Look{
	renewal.LookCorrection: {{
		`INSERT INTO correction (id, school_id, by_id, by_name, by_role, sent_at, note, waiting)
			SELECT id, school_id, '', '', 'school', created_at, '', 1 FROM request WHERE id = $1`,
		`DELETE FROM correction WHERE school_id = (SELECT school_id FROM request WHERE id = $1)`}, {
		`INSERT INTO correction_item (correction_id, school_id, field, old_value, new_value, warnings, state, decided_by, decided_name, reason)
			SELECT id, school_id, 'address', 'x', 'y', '[]', 'open', '', '', '' FROM request WHERE id = $1`,
		`DELETE FROM correction_item WHERE school_id = (SELECT school_id FROM request WHERE id = $1)`}},
	renewal.LookClosed: {{`UPDATE school SET closed_on = '2026-09-01'` + ofSchool, `UPDATE school SET closed_on = ''` + ofSchool}},
	renewal.LookIncomplete: {
		{`UPDATE request SET party = '' WHERE id = $1`, partyAsItIs},
		{`UPDATE school SET office_code = ''` + ofSchool, `UPDATE school SET office_code = 'UFK3ZR'` + ofSchool}},
	renewal.LookChanged: {{`UPDATE request SET party = party || 'x' WHERE id = $1`, partyAsItIs}},
	renewal.LookGrown:   {{`UPDATE school SET pupils = 1100` + ofSchool, `UPDATE school SET pupils = 887` + ofSchool}},
	renewal.LookHeld: {{
		`UPDATE subscription SET period_to = '2027-03-31' WHERE school_id = (SELECT school_id FROM request WHERE id = $1) AND product_id = 'prodotto-01'`,
		`UPDATE subscription SET period_to = '2026-12-31' WHERE school_id = (SELECT school_id FROM request WHERE id = $1) AND product_id = 'prodotto-01'`}},
	renewal.LookAgain: {
		{`UPDATE request SET taken_revision = 1, revision = 2 WHERE id = $1`, `UPDATE request SET taken_revision = 0, revision = 1 WHERE id = $1`},
		{`INSERT INTO revision (request_id, number, confirmed_at, confirmed_by, taxable_cents, total_cents, body)
			SELECT request_id, 2, confirmed_at, confirmed_by, taxable_cents, total_cents, body FROM revision WHERE request_id = $1`,
			`DELETE FROM revision WHERE request_id = $1 AND number = 2`}},
	renewal.LookEditing: {{`UPDATE request SET pending = TRUE WHERE id = $1`, `UPDATE request SET pending = FALSE WHERE id = $1`}},
}

const partyAsItIs = `UPDATE request SET party = (SELECT s.display_name || '|' || s.address || '|' || s.postcode || '|' || s.town || '|' || s.province_code || '|'
	|| s.ministry_code || '|' || s.tax_code || '|' || s.vat_number || '|' || s.office_code || '|' || s.email || '|' || s.pec
	FROM school s WHERE s.id = request.school_id) WHERE id = $1`
