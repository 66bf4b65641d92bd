// Checks that an enumeration says what each of its values means, for programs
// (x-enumDescriptions) and for people (a row of the table in the description).
export default function describedEnum(schema) {
  const described = Object.keys(schema['x-enumDescriptions'] ?? {});
  const problems = [];

  for (const value of schema.enum) {
    if (!described.includes(value)) problems.push(`x-enumDescriptions does not describe ${value}`);
    if (!schema.description?.includes(`| \`${value}\` |`)) problems.push(`the table in the description lacks ${value}`);
  }
  for (const value of described) {
    if (!schema.enum.includes(value)) problems.push(`x-enumDescriptions describes ${value}, which is not a value`);
  }
  return problems.map((message) => ({ message }));
}
