// Asks a server of the ClickHouse protocol as clickhouse-go does, and writes what it was told as JSON.
//
//	go run . HOST:PORT USER PASSWORD
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// A row with a column of every kind of type the views have.
const types = `SELECT toUInt8(1) AS u8, toInt64(-5) AS i64, 1.5 AS f64, 'text' AS s, toFixedString('ab', 3) AS fixed,
  CAST(NULL AS Nullable(String)) AS absent, CAST('x' AS Nullable(String)) AS present,
  ['a', 'b'] AS list, [[1, 2], []] AS lists, CAST(['p', 'q', 'p'] AS Array(LowCardinality(String))) AS words,
  CAST('low' AS LowCardinality(String)) AS low, CAST(NULL AS LowCardinality(Nullable(String))) AS lowest,
  map('k', 'v') AS pairs, (1, 'two') AS both, toUUID('00000000-0000-4000-8000-000000000001') AS id,
  toDateTime64('2026-01-05 10:00:00.123456', 6, 'UTC') AS at, toDateTime('2026-01-05 10:00:00', 'UTC') AS second,
  toDate('2026-01-05') AS day, true AS yes, toDecimal64(1.25, 2) AS amount,
  CAST('b' AS Enum8('a' = 1, 'b' = 2)) AS choice, CAST([('n', 1)] AS Array(Tuple(name String, n Int32))) AS records`

type answer struct {
	Compression string         `json:"compression"`
	Server      string         `json:"server"`
	Types       map[string]any `json:"types"`
	Rows        uint64         `json:"rows"`
	Sum         uint64         `json:"sum"`
	Bound       []string       `json:"bound"`
	Tables      []string       `json:"tables"`
	Refused     int32          `json:"refused"`
	Broken      int32          `json:"broken"`
	Empty       int            `json:"empty"`
}

func main() {
	answers := []answer{}
	for _, method := range []clickhouse.CompressionMethod{
		clickhouse.CompressionNone, clickhouse.CompressionLZ4, clickhouse.CompressionZSTD,
		clickhouse.CompressionGZIP, clickhouse.CompressionDeflate, clickhouse.CompressionBrotli,
	} {
		told, err := ask(os.Args[1], os.Args[2], os.Args[3], method)
		if err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", method, err)
			os.Exit(1)
		}
		answers = append(answers, told)
	}
	_ = json.NewEncoder(os.Stdout).Encode(answers)
}

func ask(at, user, password string, method clickhouse.CompressionMethod) (answer, error) {
	told := answer{Compression: method.String()}
	if told.Compression == "" {
		told.Compression = "none"
	}
	conn, err := clickhouse.Open(&clickhouse.Options{
		Addr:        []string{at},
		Protocol:    clickhouse.HTTP,
		Auth:        clickhouse.Auth{Database: "audit", Username: user, Password: password},
		Compression: &clickhouse.Compression{Method: method, Level: 3},
		Settings:    clickhouse.Settings{"max_execution_time": 60},
		DialTimeout: 10 * time.Second,
		ReadTimeout: 60 * time.Second,
	})
	if err != nil {
		return told, err
	}
	defer conn.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 90*time.Second)
	defer cancel()
	steps := []func(context.Context, driver.Conn, *answer) error{hello, kinds, long, bound, catalogue, refused, broken, empty}
	for index, step := range steps {
		if err := step(ctx, conn, &told); err != nil {
			return told, fmt.Errorf("step %d: %w", index, err)
		}
	}
	return told, nil
}

func hello(ctx context.Context, conn driver.Conn, told *answer) error {
	if err := conn.Ping(ctx); err != nil {
		return err
	}
	version, err := conn.ServerVersion()
	told.Server = fmt.Sprintf("%s %s", version.DisplayName, version.Version)
	return err
}

func kinds(ctx context.Context, conn driver.Conn, told *answer) error {
	rows, err := conn.Query(ctx, types)
	if err != nil {
		return err
	}
	defer rows.Close()
	told.Types = map[string]any{}
	for rows.Next() {
		values := []any{}
		for _, column := range rows.ColumnTypes() {
			values = append(values, reflect.New(column.ScanType()).Interface())
		}
		if err := rows.Scan(values...); err != nil {
			return err
		}
		for index, column := range rows.ColumnTypes() {
			told.Types[column.Name()+" "+column.DatabaseTypeName()] = values[index]
		}
	}
	return rows.Err()
}

// An answer of many blocks.
func long(ctx context.Context, conn driver.Conn, told *answer) error {
	rows, err := conn.Query(ctx, "SELECT n, repeat('x', 20) AS s FROM (SELECT toUInt64(arrayJoin(range(300000))) AS n)")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var n uint64
		var s string
		if err := rows.Scan(&n, &s); err != nil {
			return err
		}
		told.Rows++
		told.Sum += n
	}
	return rows.Err()
}

func bound(ctx context.Context, conn driver.Conn, told *answer) error {
	ctx = clickhouse.Context(ctx, clickhouse.WithParameters(clickhouse.Parameters{"text": "it's\ta \\ tab", "list": "['a','b']"}))
	var text string
	var list []string
	if err := conn.QueryRow(ctx, "SELECT {text:String}, {list:Array(String)}").Scan(&text, &list); err != nil {
		return err
	}
	told.Bound = append([]string{text}, list...)
	return nil
}

// What Grafana's query builder asks.
func catalogue(ctx context.Context, conn driver.Conn, told *answer) error {
	rows, err := conn.Query(ctx, "SHOW TABLES FROM audit LIKE 'tr%'")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return err
		}
		told.Tables = append(told.Tables, name)
	}
	return rows.Err()
}

func refused(ctx context.Context, conn driver.Conn, told *answer) error {
	_, err := conn.Query(ctx, "SELECT * FROM audit.content")
	told.Refused = codeOf(err)
	return nil
}

// An error after blocks have been handed out.
func broken(ctx context.Context, conn driver.Conn, told *answer) error {
	rows, err := conn.Query(ctx, `SELECT if(a * 1000 + b = 1900000, toUInt8(concat('x', toString(a))), 1) AS v, repeat('x', 50)
    FROM (SELECT arrayJoin(range(2000)) AS a) AS l CROSS JOIN (SELECT arrayJoin(range(1000)) AS b) AS r`)
	if err != nil {
		return fmt.Errorf("it broke before its first block: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
	}
	told.Broken = codeOf(rows.Err())
	return nil
}

func empty(ctx context.Context, conn driver.Conn, told *answer) error {
	rows, err := conn.Query(ctx, "SELECT event_id FROM audit.trail WHERE 0")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		told.Empty++
	}
	return rows.Err()
}

func codeOf(err error) int32 {
	var exception *clickhouse.Exception
	if errors.As(err, &exception) {
		return exception.Code
	}
	return -1
}
