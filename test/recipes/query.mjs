// Runs the SQL on standard input, and prints what the last statement returns
// as JSON: an array of rows, each an array.
import { DuckDBInstance } from "@duckdb/node-api";
import { readFileSync } from "node:fs";

const instance = await DuckDBInstance.create(":memory:");
const connection = await instance.connect();
const statements = await connection.extractStatements(readFileSync(0, "utf8"));
let rows = [];
for (let i = 0; i < statements.count; i++) {
  const prepared = await statements.prepare(i);
  rows = (await prepared.runAndReadAll()).getRows();
}
console.log(JSON.stringify(rows));
