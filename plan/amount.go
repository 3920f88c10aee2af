package plan

import "bihuan/kit/quantity"

// ParseAmount reads an amount as people type it: "1300", "1,300", "4万", "1.2亿";
// "" is no amount and gives nil. The error says in the user's words what is wrong.
func ParseAmount(v string) (*quantity.Quantity, error) { return amount(v) }
