// Checks a tree of Trailhouse with golang.org/x/mod/sumdb: tiles, roots, proofs and the signature. Says "ok", or what is wrong.
package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type hashes []string

type tree struct {
	Size int64  `json:"size"`
	Root string `json:"root"`
}

type inclusion struct {
	Index int64  `json:"index"`
	Size  int64  `json:"size"`
	Root  string `json:"root"`
	Proof hashes `json:"proof"`
}

type consistency struct {
	First  tree   `json:"first"`
	Second tree   `json:"second"`
	Proof  hashes `json:"proof"`
}

type given struct {
	Entries     []string          `json:"entries"`
	Trees       []tree            `json:"trees"`
	Tiles       map[string]string `json:"tiles"`
	Inclusion   []inclusion       `json:"inclusion"`
	Consistency []consistency     `json:"consistency"`
	Note        string            `json:"note"`
	Text        string            `json:"text"`
	Vkey        string            `json:"vkey"`
}

func main() {
	var g given
	if err := json.NewDecoder(os.Stdin).Decode(&g); err != nil {
		fail("input: %v", err)
	}
	stored := storedHashes(g.Entries)
	checkTrees(g, stored)
	checkTiles(g, stored)
	checkProofs(g)
	checkNote(g)
	fmt.Println("ok")
}

func storedHashes(entries []string) tlog.HashReaderFunc {
	var all []tlog.Hash
	read := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		found := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			found[i] = all[index]
		}
		return found, nil
	})
	for n, entry := range entries {
		added, err := tlog.StoredHashes(int64(n), []byte(entry), read)
		if err != nil {
			fail("entry %d: %v", n, err)
		}
		all = append(all, added...)
	}
	return read
}

func checkTrees(g given, read tlog.HashReader) {
	for _, t := range g.Trees {
		root, err := tlog.TreeHash(t.Size, read)
		if err != nil || root != hash(t.Root) {
			fail("root at %d: %v %v", t.Size, root, err)
		}
	}
}

func checkTiles(g given, read tlog.HashReader) {
	size := int64(len(g.Entries))
	expected := 0
	for _, tile := range tlog.NewTiles(8, 0, size) {
		data, err := tlog.ReadTileData(tile, read)
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		if err != nil || g.Tiles[path] != base64.StdEncoding.EncodeToString(data) {
			fail("%s differs: %v", path, err)
		}
		expected++
	}
	if expected != len(g.Tiles) {
		fail("%d tiles, not %d", len(g.Tiles), expected)
	}
}

func checkProofs(g given) {
	for _, p := range g.Inclusion {
		leaf := tlog.RecordHash([]byte(g.Entries[p.Index]))
		if err := tlog.CheckRecord(p.Proof.list(), p.Size, hash(p.Root), p.Index, leaf); err != nil {
			fail("leaf %d in %d: %v", p.Index, p.Size, err)
		}
	}
	for _, p := range g.Consistency {
		err := tlog.CheckTree(p.Proof.list(), p.Second.Size, hash(p.Second.Root), p.First.Size, hash(p.First.Root))
		if err != nil {
			fail("%d in %d: %v", p.First.Size, p.Second.Size, err)
		}
	}
}

func checkNote(g given) {
	verifier, err := note.NewVerifier(g.Vkey)
	if err != nil {
		fail("vkey: %v", err)
	}
	opened, err := note.Open([]byte(g.Note), note.VerifierList(verifier))
	if err != nil || opened.Text != g.Text {
		fail("note: %v", err)
	}
}

func (h hashes) list() []tlog.Hash {
	found := make([]tlog.Hash, len(h))
	for i, text := range h {
		found[i] = hash(text)
	}
	return found
}

func hash(text string) tlog.Hash {
	found, err := tlog.ParseHash(text)
	if err != nil {
		fail("%q: %v", text, err)
	}
	return found
}

func fail(format string, args ...any) {
	fmt.Printf(format+"\n", args...)
	os.Exit(1)
}
