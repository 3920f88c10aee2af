// Package archtest states in which direction the packages may depend on each
// other, as a test that fails with the reason. It holds no other code.
package archtest
