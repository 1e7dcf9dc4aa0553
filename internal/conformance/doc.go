// Package conformance plays questions that WebOb, PasteDeploy, Paste, Routes
// and oslo.middleware have answered against the public API of this module, and
// tells for each family of questions how many are answered alike, how many
// differ on purpose, and how many are open.
//
//	go test ./internal/conformance -v                           # all families, a line each
//	go test ./internal/conformance -run 'TestVectors/multidict' -v
//	go test ./internal/conformance -run 'TestVectors/multidict' -v -open 50   # show 50 open ones
//	CONFORMANCE_DIR=/some/folder go test ./internal/conformance -run ConformanceDir -v -count=1
//	LIVE_SEED=4711 LIVE_N=100000 go test ./internal/conformance -run TestLive -v -count=1
//
// The last asks WebOb itself, where Python and WebOb are installed, questions made
// at random by grammars (live_*_test.go); oracle/ holds the program that answers
// for WebOb. For these, rules of both kinds are looked at.
//
// # Adapters
//
// A family lives in a file <family>_ops.go, which adds one method to adapters;
// nothing else has to be edited. Helpers in it begin with the family's name.
//
//	func (adapters) ContentType() Family {
//		return Family{
//			Name: "content_type",
//			Done: true, // nothing may be open any more
//			Ops: map[string]Op{
//				"content_type.parse": Ask(func(in struct{ Header *string }) (any, error) {
//					...one or a few calls of the public API...
//					return map[string]any{"type": t, "params": p}, nil
//				}),
//			},
//			Fold:  func(q Question, answer any) any { return Edit(answer, "headers", FoldHeaders) },
//			Rules: []Rule{...},
//		}
//	}
//
// An Op returns what it wants to say as any value that encoding/json can write,
// or an error, which means refused: the class of the refusal does not count.
// Ask decodes the question into a struct and fails loudly on members the struct
// does not have. An adapter that cannot put a question must panic (the vector is
// open then, with the stack); an error would pass for a refusal. A step within an
// answer that is refused is Refusal(err).
//
// Fold is given the question and, in turn, both answers, the reference's and
// ours, decoded from JSON. It takes out what does not count: the order of
// different header names, white space in a plain error page. Values are then compared as JSON values: 1 and
// 1.0 are equal, members have no order.
//
// Meet is given our answer and the one wanted, and gives the wanted one where ours says no
// less, as a refusal that names all that the reference's names, and more.
//
// # Rules
//
// A vector is alike when our answer equals the reference's (where its note says
// "newer:", that of the newer release). Where it does not, the rules whose
// predicate holds for the question change the reference's answer, one after the
// other, into the answer we assert; if ours equals that, the vector counts as
// answered by rule. House rules come first and hold for every vector; other rules
// are looked at only for vectors with a note.
//
// A Rule sees a Question: operation, input and the kind of the note. It sees
// neither the vector's id nor our answer, so that it cannot be made for a single
// vector or for "wherever we differ". Its Answer must be worked out without the
// code under test. A rule that decides no vector of testdata fails the test.
// Every rule stands in docs/deviations.md, which is written by
//
//	go test ./internal/conformance -run TestDeviations -update
package conformance
