import axe from "axe-core";

// violations returns what axe-core finds wrong with the page as it is.
export async function violations(page) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => ({ rule: id, help, target: node.target.join(" ") })));
}
