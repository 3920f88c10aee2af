package org

import (
	"errors"
	"time"
)

// Policy holds every number of this room that an assessor or a city may want
// changed. DefaultPolicy meets GB/T 22239-2019 level 3 (8.1.4.1 身份鉴别).
type Policy struct {
	Hash         HashParams // cost of password hashing
	HashParallel int        // passwords hashed at one time: each takes Hash.MemoryKiB
	HashWaiting  int        // requests that may wait for their turn; more are sent away

	PasswordMin     int           // characters
	PasswordClasses int           // different classes of characters
	PasswordHistory int           // last passwords that may not come back, the present one included
	PasswordMaxAge  time.Duration // after which it must be changed

	LockAfter int           // failures in a row until the name is locked
	LockFirst time.Duration // length of the first lock; each further one is twice as long
	LockMax   time.Duration // cap of a lock, and quiet time after which failures are forgotten

	AddressBurst   int           // attempts that one address may make at once
	AddressEvery   time.Duration // and one more after each of these
	AddressTracked int           // addresses remembered

	InvitationTTL time.Duration // life of an invitation
	SetupTTL      time.Duration // life of the set-up token
	LoginLinkMax  time.Duration // longest life of a log-in link
	CodeTTL       time.Duration // time to give the second factor after the password

	SessionIdle       time.Duration // without a request, a session ends
	SessionMax        time.Duration // however busy, a session ends
	SessionTouch      time.Duration // a session's last use is written at most this often
	SessionsPerPerson int           // the oldest ends when there are more
	ConfirmAge        time.Duration // sensitive acts ask for the password again after this

	TOTPRoles  []Role // roles that demand a second factor
	TOTPIssuer string // name shown in the authenticator

	TokenMax    time.Duration // longest life of an API token
	IdleAccount time.Duration // unused accounts are locked after this; 0: never
}

// DefaultPolicy is what a city starts with.
func DefaultPolicy() Policy {
	const day = 24 * time.Hour
	return Policy{
		Hash: HashParams{MemoryKiB: 64 * 1024, Passes: 3, Lanes: 2}, HashParallel: 2, HashWaiting: 64,
		PasswordMin: 10, PasswordClasses: 3, PasswordHistory: 5, PasswordMaxAge: 90 * day,
		LockAfter: 5, LockFirst: 5 * time.Minute, LockMax: day,
		AddressBurst: 60, AddressEvery: 2 * time.Second, AddressTracked: 4096,
		InvitationTTL: 3 * day, SetupTTL: day, LoginLinkMax: day, CodeTTL: 5 * time.Minute,
		SessionIdle: 10 * time.Minute, SessionMax: 8 * time.Hour, SessionTouch: time.Minute, SessionsPerPerson: 3, ConfirmAge: 10 * time.Minute,
		TOTPRoles: []Role{Approver, SysAdmin, SecAdmin, AuditAdmin}, TOTPIssuer: "闭环",
		TokenMax: 365 * day, IdleAccount: 180 * day,
	}
}

// check refuses a policy that would switch a protection off by a missing number.
func (p Policy) check() error {
	if err := p.Hash.check(); err != nil {
		return err
	}
	for _, n := range []int{p.HashParallel, p.HashWaiting, p.PasswordMin, p.PasswordClasses, p.PasswordHistory, p.LockAfter, p.AddressBurst, p.AddressTracked, p.SessionsPerPerson} {
		if n <= 0 {
			return errors.New("org: a count of the policy is not positive")
		}
	}
	for _, d := range []time.Duration{p.PasswordMaxAge, p.LockFirst, p.LockMax, p.AddressEvery, p.InvitationTTL, p.SetupTTL, p.LoginLinkMax, p.CodeTTL, p.SessionIdle, p.SessionMax, p.SessionTouch, p.ConfirmAge, p.TokenMax} {
		if d <= 0 {
			return errors.New("org: a duration of the policy is not positive")
		}
	}
	if p.SessionTouch >= p.SessionIdle || p.IdleAccount < 0 {
		return errors.New("org: the durations of the policy contradict each other")
	}
	return nil
}
