// Package blob keeps files by their content in a folder and judges what they are.
//
// A file's name in the store is the SHA-256 of its bytes, so a reference proves
// its content and equal files are kept once. What a file is is decided by its
// bytes and never by the name that came with it; kinds that could run in a
// browser are refused or handed out as downloads only.
//
// The store does not encrypt: put the folder on an encrypted volume where the
// protection level asks for it. It does not know who may see a file either: a
// hash is no permission, and the rooms ask before they open.
package blob
