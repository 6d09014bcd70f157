// Checks C2SP tlog-proofs with golang.org/x/mod/sumdb: reads the text as its specification has it, opens the checkpoint with the key,
// and holds the record against the root. Says "ok", or what is wrong.
package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type given struct {
	Vkey   string `json:"vkey"`
	Origin string `json:"origin"`
	Proofs []struct {
		Record string `json:"record"`
		Text   string `json:"text"`
	} `json:"proofs"`
}

func main() {
	var g given
	if err := json.NewDecoder(os.Stdin).Decode(&g); err != nil {
		fail("input: %v", err)
	}
	verifier, err := note.NewVerifier(g.Vkey)
	if err != nil {
		fail("vkey: %v", err)
	}
	for n, proof := range g.Proofs {
		record, err := base64.StdEncoding.DecodeString(proof.Record)
		if err != nil {
			fail("record %d: %v", n, err)
		}
		if err := check(proof.Text, record, g.Origin, verifier); err != nil {
			fail("proof %d: %v", n, err)
		}
	}
	fmt.Println("ok")
}

func check(text string, record []byte, origin string, verifier note.Verifier) error {
	head, rest, found := strings.Cut(text, "\n\n")
	lines := strings.Split(head, "\n")
	if !found || lines[0] != "c2sp.org/tlog-proof@v1" || !strings.HasPrefix(lines[1], "index ") {
		return fmt.Errorf("is no tlog-proof")
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
	if err != nil {
		return err
	}
	var path tlog.RecordProof
	for _, line := range lines[2:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return err
		}
		path = append(path, hash)
	}
	opened, err := note.Open([]byte(rest), note.VerifierList(verifier))
	if err != nil {
		return err
	}
	body := strings.Split(opened.Text, "\n")
	if body[0] != origin {
		return fmt.Errorf("origin %q", body[0])
	}
	size, err := strconv.ParseInt(body[1], 10, 64)
	if err != nil {
		return err
	}
	root, err := tlog.ParseHash(body[2])
	if err != nil {
		return err
	}
	return tlog.CheckRecord(path, size, root, index, tlog.RecordHash(record))
}

func fail(format string, args ...any) {
	fmt.Printf(format+"\n", args...)
	os.Exit(1)
}
