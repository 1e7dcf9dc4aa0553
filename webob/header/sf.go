package header

import (
	"errors"
	"strings"
)

// Structured Fields, RFC 9651: newer fields share one grammar with three kinds
// of values, items, lists and dictionaries. NewItem, NewItemList and
// NewDictionary make a field of each kind.
//
//	sf-item       = bare-item parameters
//	sf-list       = list-member *( OWS "," OWS list-member )
//	sf-dictionary = dict-member *( OWS "," OWS dict-member )
//	list-member   = sf-item / inner-list
//	dict-member   = member-key ( parameters / ( "=" list-member ) )
//
//	Example-Item: "hello";q=0.5
//	Example-List: token, 42, ("inner" "list");a=?0
//	Example-Dict: a=1, b, digest=:aGVsbG8=:
var (
	// Priority is how urgent a response is, RFC 9218: "u=3, i".
	Priority = NewDictionary("Priority")
	// ContentDigest are digests of the content, RFC 9530: "sha-256=:...:".
	ContentDigest = NewDictionary("Content-Digest")
	// ReprDigest are digests of the representation, RFC 9530.
	ReprDigest = NewDictionary("Repr-Digest")
	// CacheStatus is what caches have done with the request, RFC 9211.
	CacheStatus = NewItemList("Cache-Status")
	// ProxyStatus is what proxies have to say about the response, RFC 9209.
	ProxyStatus = NewItemList("Proxy-Status")
)

// Item is a bare item and its parameters; as a member of a list or dictionary
// it may be an inner list as well.
type Item struct {
	// Value is the bare item. It has been read, and can be written, as
	//
	//	int64          an Integer, up to 15 digits (int can be written too)
	//	float64        a Decimal, 12 digits before the point and 3 behind
	//	string         a String, printable ASCII
	//	Token          a Token
	//	[]byte         a Byte Sequence
	//	bool           a Boolean
	//	time.Time      a Date, whole seconds
	//	DisplayString  a Display String, any Unicode text
	//	InnerList      an inner list, in a list or dictionary
	Value any
	// Params are the parameters, each name once.
	Params ItemParams
}

// Token is a short text without quotes: a letter or a star, then token
// characters, colons and slashes.
type Token string

// DisplayString is Unicode text meant for people.
type DisplayString string

// InnerList is a list within a list or dictionary. Its items hold no inner
// lists.
type InnerList []Item

// ItemParams are parameters of an item, in order.
type ItemParams []ItemParam

// ItemParam is a parameter of an item.
type ItemParam struct {
	// Name holds small letters, digits, _, -, . and *, and starts with a
	// letter or a star.
	Name string
	// Value is a bare item, see Item; true for a parameter that is just named.
	Value any
}

// Get is the value of a parameter, and whether it is there.
func (p ItemParams) Get(name string) (any, bool) {
	for _, x := range p {
		if x.Name == name {
			return x.Value, true
		}
	}
	return nil, false
}

// Dictionary is an ordered mapping, each name once.
type Dictionary []Entry

// Entry is a member of a Dictionary. One that is just named has the Value true.
type Entry struct {
	// Name has the letters of a parameter's name.
	Name string
	Item
}

// Get is a member, and whether it is there. Names are compared with case.
func (d Dictionary) Get(name string) (Item, bool) {
	for _, e := range d {
		if e.Name == name {
			return e.Item, true
		}
	}
	return Item{}, false
}

// Set sets a member, in the place of one of that name.
func (d *Dictionary) Set(name string, item Item) {
	for i := range *d {
		if (*d)[i].Name == name {
			(*d)[i].Item = item
			return
		}
	}
	*d = append(*d, Entry{name, item})
}

// NewItem makes a structured field that holds one item.
func NewItem(name string) Field[Item] {
	return NewField(name, func(lines []string) (Item, error) {
		return ParseItem(joinLines(lines))
	}, Item.format)
}

// NewItemList makes a structured field that holds a list. Several lines are one
// list; an empty list takes the field away, as it cannot be sent.
func NewItemList(name string) Field[[]Item] {
	return NewField(name, func(lines []string) ([]Item, error) {
		return ParseItemList(joinLines(lines))
	}, formatItemList)
}

// NewDictionary makes a structured field that holds a dictionary. Several lines
// are one; of members of one name the last counts. An empty dictionary takes
// the field away.
func NewDictionary(name string) Field[Dictionary] {
	return NewField(name, func(lines []string) (Dictionary, error) {
		return ParseDictionary(joinLines(lines))
	}, Dictionary.format)
}

// joinLines makes one line of several, RFC 9651, section 4.2.
func joinLines(lines []string) string {
	if len(lines) == 1 {
		return lines[0]
	}
	return strings.Join(lines, ", ")
}

// errItemType is for values that are none of those in Item's table.
var errItemType = errors.New("no type of a structured field")
