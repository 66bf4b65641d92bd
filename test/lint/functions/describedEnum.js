// Checks that an enumeration says what each of its values means, for programs
// (x-enum-descriptions, in the order of the values: generators that read it want
// an array) and for people (a row of the table in the description).
export default function describedEnum(schema) {
  const described = schema['x-enum-descriptions'];
  const problems = schema.enum
    .filter((value) => !schema.description?.includes(`| \`${value}\` |`))
    .map((value) => `the table in the description lacks ${value}`);

  if (!Array.isArray(described)) {
    problems.push('x-enum-descriptions is not an array');
  } else if (described.length !== schema.enum.length) {
    problems.push(`x-enum-descriptions has ${described.length} texts for ${schema.enum.length} values`);
  }
  return problems.map((message) => ({ message }));
}
