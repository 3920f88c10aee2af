package register

import (
	"context"
	"encoding/json"
	"fmt"

	"bihuan/kit/db"
	"bihuan/kit/errs"
	"bihuan/org"
)

// Reseal seals anew what an older key sealed in records, after a rotation of keys,
// and returns how many records were renewed.
func (s *Service) Reseal(ctx context.Context, p org.Principal) (renewed int, err error) {
	defer errs.Wrap(&err, "register.Reseal")
	if err := p.May(org.SystemRead, org.Scope{}); err != nil {
		return 0, err
	}
	for _, d := range s.parts.Catalog.All() {
		personal := false
		for _, f := range d.Fields {
			personal = personal || f.Personal
		}
		if !personal {
			continue
		}
		if err := s.parts.DB.Write(ctx, func(tx *db.Tx) error {
			n, err := s.resealRegister(tx, d)
			renewed += n
			return err
		}); err != nil {
			return renewed, err
		}
	}
	err = s.parts.DB.Write(ctx, func(tx *db.Tx) error {
		n, err := s.resealSeeds(tx)
		renewed += n
		return err
	})
	return renewed, err
}

// resealSeeds renews the seeds of draws that are still secret.
func (s *Service) resealSeeds(tx *db.Tx) (renewed int, err error) {
	seeds := map[string]string{}
	if err := tx.Each(func(r db.Scanner) error {
		var id, seed string
		err := r.Scan(&id, &seed)
		seeds[id] = seed
		return err
	}, "SELECT id, seed_sealed FROM draw WHERE seed_sealed <> ''"); err != nil {
		return 0, err
	}
	for id, sealed := range seeds {
		if !s.parts.Box.NeedsReseal(sealed) {
			continue
		}
		plain, err := s.parts.Box.Open(sealed, seedContext(id))
		if err != nil {
			return renewed, err
		}
		if sealed, err = s.parts.Box.Seal(plain, seedContext(id)); err != nil {
			return renewed, err
		}
		if _, err := tx.Exec("UPDATE draw SET seed_sealed = $1 WHERE id = $2", sealed, id); err != nil {
			return renewed, err
		}
		renewed++
	}
	return renewed, nil
}

func (s *Service) resealRegister(tx *db.Tx, d *Definition) (renewed int, err error) {
	var old []Record
	if err := tx.Each(func(row db.Scanner) error {
		var r Record
		if err := scanRecord(&r)(row); err != nil {
			return err
		}
		for _, f := range d.Fields {
			if v := r.Values[f.Name]; f.Personal && v != "" && s.parts.Box.NeedsReseal(v) {
				old = append(old, r)
				break
			}
		}
		return nil
	}, "SELECT "+recordColumns+" FROM record r WHERE r.register = $1", string(d.ID)); err != nil {
		return 0, err
	}
	for _, r := range old {
		if err := s.unseal(d, &r); err != nil {
			return renewed, err
		}
		values, err := s.sealed(d, r)
		if err != nil {
			return renewed, err
		}
		body, err := json.Marshal(values)
		if err != nil {
			return renewed, fmt.Errorf("store values: %w", err)
		}
		if _, err := tx.Exec("UPDATE record SET body = $1 WHERE id = $2", string(body), r.ID); err != nil {
			return renewed, err
		}
		renewed++
	}
	return renewed, nil
}
