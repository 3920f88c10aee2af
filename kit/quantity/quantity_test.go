package quantity_test

import (
	"encoding/json"
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"bihuan/kit/quantity"
)

func TestParse(t *testing.T) {
	cases := []struct{ in, out string }{
		{"1300", "1300"}, {"1,300", "1300"}, {"-0.5", "-0.5"}, {" 12.2500 ", "12.25"}, {"0", "0"}, {"+7", "7"},
		{"922337203685477.5807", "922337203685477.5807"},
		{"", ""}, {".5", ""}, {"5.", ""}, {"1.23456", ""}, {"1e3", ""}, {"１３", ""}, {"922337203685477.5808", ""}, {"--1", ""},
	}
	for _, c := range cases {
		q, err := quantity.Parse(c.in)
		if c.out == "" {
			if err == nil {
				t.Errorf("%q was read as %s", c.in, q)
			}
			continue
		}
		if err != nil || q.String() != c.out {
			t.Errorf("%q: got %s, %v", c.in, q, err)
		}
	}
}

func TestRoundTripAndArithmetic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := quantity.Quantity(rapid.Int64().Draw(t, "q"))
		if q != math.MinInt64 {
			back, err := quantity.Parse(q.String())
			if err != nil || back != q {
				t.Fatalf("%s came back as %s, %v", q, back, err)
			}
			var js quantity.Quantity
			b, _ := json.Marshal(q)
			if err := json.Unmarshal(b, &js); err != nil || js != q {
				t.Fatalf("json %s: %s, %v", b, js, err)
			}
		}
		r := quantity.Quantity(rapid.Int64().Draw(t, "r"))
		if s, err := q.Add(r); err == nil && s-r != q {
			t.Fatalf("%s+%s=%s", q, r, s)
		}
		if (q > 0 && r > math.MaxInt64-q) || (q < 0 && r < math.MinInt64-q) {
			if _, err := q.Add(r); err == nil {
				t.Fatal("overflow not seen")
			}
		}
	})
}

func TestMulInt(t *testing.T) {
	if v, err := quantity.Of(4).MulInt(10_000); err != nil || v != quantity.Of(40_000) {
		t.Errorf("4万: %s %v", v, err)
	}
	if _, err := quantity.Of(9e13).MulInt(1e8); err == nil {
		t.Error("overflow not seen")
	}
}

func TestMulDivAgreesWithBigArithmetic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q, n := rapid.Int64().Draw(t, "q"), rapid.Int64().Draw(t, "num")
		d := rapid.Int64Range(1, math.MaxInt64).Draw(t, "den")
		twice := new(big.Int).Mul(big.NewInt(2), new(big.Int).Mul(new(big.Int).Abs(big.NewInt(q)), new(big.Int).Abs(big.NewInt(n))))
		want := new(big.Int).Div(new(big.Int).Add(twice, big.NewInt(d)), new(big.Int).Mul(big.NewInt(2), big.NewInt(d)))
		if (q < 0) != (n < 0) {
			want.Neg(want)
		}
		got, err := quantity.Quantity(q).MulDiv(n, d)
		if fits := want.IsInt64() && want.Int64() != math.MinInt64; fits != (err == nil) || (fits && int64(got) != want.Int64()) {
			t.Fatalf("%d×%d÷%d: got %d, %v, want %s", q, n, d, int64(got), err, want)
		}
	})
}
