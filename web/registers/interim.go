package registers

import (
	"context"
	"io"

	"bihuan/kit/calendar"
	"bihuan/org"
	"bihuan/register"
)

type service interface {
	Catalog() *register.Catalog
	Create(ctx context.Context, p org.Principal, d register.Draft) (string, error)
	Edit(ctx context.Context, p org.Principal, id string, revision int64, values map[string]string, reason string) error
	Attach(ctx context.Context, p org.Principal, id string, f register.File) error
	Move(ctx context.Context, p org.Principal, s register.Step) error
	Get(ctx context.Context, p org.Principal, id string) (register.View, error)
	List(ctx context.Context, p org.Principal, q register.Query) ([]register.Record, int, error)
	Reveal(ctx context.Context, p org.Principal, id, field, reason string) (string, error)
	At(ctx context.Context, refs []register.CountRef, day calendar.Date) (map[register.CountRef]register.Values, error)
	Waiting(ctx context.Context, p org.Principal) (map[register.ID]int, error)
	Proof(ctx context.Context, p org.Principal, id, proof string) (io.ReadSeekCloser, string, error)
}

const maxProof = 20 << 20
const maxFile = 32 << 20
