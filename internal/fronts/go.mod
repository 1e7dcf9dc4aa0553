module github.com/gowebob/gowebob/internal/fronts

go 1.26.0

require (
	github.com/gowebob/gowebob v0.0.0-00010101000000-000000000000
	github.com/stretchr/testify v1.12.1
)

require (
	github.com/go-playground/form/v4 v4.2.1 // indirect
	github.com/golang/gddo v0.0.0-20190904175337-72a348e765d2 // indirect
	github.com/google/go-cmp v0.7.0 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/text v0.43.0 // indirect
)

replace github.com/gowebob/gowebob => ../../
