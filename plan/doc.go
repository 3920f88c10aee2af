// Package plan keeps the plan alive as a list: the document as it was read, what
// people corrected, the tasks, units and targets published from it, the counties'
// lists under it, and the progress reported and verified against it.
//
// What belongs here: the way from a document to a published list, the fields and
// states of a task, what the words of a target mean, sharing a target out to
// counties, and progress with proof. What does not: reading text (plan/read),
// opening files (plan/source), and judging whether something is late (supervise).
//
// A document becomes a list in these steps, each one transaction with its audit entry:
//
//	Upload ─▶ reading ─▶ draft ─▶ submitted ─▶ published
//	              │        ▲ │         │
//	              ▼        │ ▼         ▼ (returned, with a reason)
//	            failed     └─┴─ corrections ◀──┘      draft ─▶ discarded
//
// A draft is never stored: it is the reading with the corrections applied in
// order (Fold), so what was read always stays beside what people made of it.
//
// A progress entry:
//
//	reported ─▶ verified ─▶ (withdrawn, with a reason)
//	   │ ▲
//	   ▼ │ (a new entry)
//	returned / withdrawn
//
// Progress is the last resort. A target that another room counts is bound to it
// (Binding), by the city pack when its list is published or by a dispatcher; then
// nobody reports it, and supervise asks the room for its value.
//
// A task goes through its life by the moves of one table (Moves), each made by the
// unit, the dispatcher or the approver that it names:
//
//	registered ─▶ assigned ─▶ signed ─▶ in progress ─▶ submitted ─▶ under review ─▶ closed ─▶ crossed off ─▶ archived
//	                │ ▲                   │ ▲              │ ▲           │
//	                ▼ │                   ▼ │              ▼ │           │
//	              objected         extension pending     returned ◀──────┘
//
// and aside, with an approver's reason: suspended (and back), cancelled, merged.
package plan
