// Package org holds the people of the program: who they are, what they may do,
// and how the program knows that it is them.
//
// What belongs here: people and their state, roles, the one table of
// permissions, passwords, second factors, sign-in, sessions, API tokens, and the
// first-run set-up of the three administrators. What does not: units and
// territories (package city gives them) and any rule of the business, which asks
// Principal.May and nothing else.
//
// The permission model in one paragraph: a Role holds Grants, a Grant is an
// Action and a Reach (everything, the own unit, the own territory), and
// Principal.May(action, scope) refuses whatever no grant allows. Three
// administrators share no power: the system administrator keeps accounts, the
// security administrator grants roles and ends sessions, the audit administrator
// reads the log (GB/T 22239-2019, level 3, security management centre). None of
// them does business, and nobody grants a role to himself.
//
// An account's life:
//
//	invited ──set password (and second factor)──▶ active ──disable──▶ disabled
//	   ▲                                           │  ▲                  │
//	   └──────────── new invitation ───────────────┼──┼──────────────────┤
//	                                 idle too long ▼  │ unlock           │
//	                                             locked ─────────────────┘
//
// Nothing here counts or ranks use: the last sign-in is kept only to lock
// accounts that nobody needs any more, and no function gives it to a page
// (国办函〔2026〕12号 forbids usage rates and rankings).
package org
