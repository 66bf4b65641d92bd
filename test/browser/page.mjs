// What people do on the documentation page.

// operation is the part of the page about the list of contract actions.
export function operation(page) {
  return page.locator("#operations-Contract_actions-listContractActions");
}

export async function open(page, address) {
  await page.goto(`${address}/docs`);
  await operation(page).locator(".opblock-body").waitFor();
}

// authorize gets a token, with all scopes that the client was granted. It calls
// lookAround, if there is one, while the dialog is open.
export async function authorize(page, { id, secret }, lookAround = async () => {}) {
  await page.getByRole("button", { name: "Authorize", exact: true }).click();
  await page.getByLabel("client_id:").fill(id);
  await page.getByLabel("client_secret:").fill(secret);
  await lookAround();
  await page.getByRole("button", { name: "Authorize with these credentials" }).click();
  await page.getByRole("button", { name: "Logout: forget the token" }).waitFor();
  await page.locator(".btn-done").click();
}

// execute tries the call with these parameters and returns the answer. The
// others stay as they are.
export async function execute(page, parameters = {}) {
  for (const [name, value] of Object.entries(parameters)) {
    const row = operation(page).locator(`tr[data-param-name="${name}"]`);
    const choice = row.getByRole("combobox", { name });
    await (await choice.count() ? choice.selectOption(value) : row.getByRole("textbox", { name }).fill(value));
  }
  return answered(page, () => operation(page).getByRole("button", { name: "Execute" }).click());
}

// answered does something that makes the page call the API, and returns the
// answer as the page shows it.
export async function answered(page, act) {
  const arrival = page.waitForResponse((response) => response.url().includes("/express/"));
  await act();
  const response = await arrival;
  const shown = operation(page).locator(".live-responses-table .response");
  await shown.locator(".response-col_status", { hasText: String(response.status()) }).waitFor();
  return {
    status: Number(await shown.locator(".response-col_status").innerText()),
    body: await shown.locator(".microlight").first().innerText(),
    headers: await shown.locator(".headerline").allInnerTexts(),
  };
}

// snippets returns the code that the page offers, by the names of languages.
export async function snippets(page) {
  const panel = operation(page).getByRole("region", { name: "Code of the request" });
  const choice = panel.getByRole("combobox");
  const code = {};
  for (const title of await choice.locator("option").allInnerTexts()) {
    await choice.selectOption(title);
    code[title] = await panel.locator("pre").innerText();
  }
  await choice.selectOption({ index: 0 });
  return code;
}
