// The same without a mouse: Tab, Space, Enter, Escape and typing.

import { answered, operation } from "./page.mjs";

export async function authorizeWithKeyboard(page, { id, secret }) {
  await press(page, "Enter", page.getByRole("button", { name: "Authorize", exact: true }));
  await type(page, id, page.getByLabel("client_id:"));
  await type(page, secret, page.getByLabel("client_secret:"));
  await press(page, "Space", page.getByRole("checkbox").nth(1)); // the scope for reading contract actions
  await press(page, "Enter", page.getByRole("button", { name: "Authorize with these credentials" }));
  await page.getByRole("button", { name: "Logout: forget the token" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "hidden" });
}

export async function executeWithKeyboard(page) {
  return answered(page, () => press(page, "Enter", operation(page).getByRole("button", { name: "Execute" })));
}

async function press(page, key, target) {
  await tabTo(page, target);
  await page.keyboard.press(key);
}

async function type(page, text, target) {
  await tabTo(page, target);
  await page.keyboard.type(text);
}

// tabTo presses Tab until the target has the focus.
async function tabTo(page, target) {
  for (let i = 0; i < 100; i++) {
    if (await target.evaluate((element) => element === document.activeElement)) {
      return;
    }
    await page.keyboard.press("Tab");
  }
  throw new Error(`a hundred times Tab do not lead to ${target}`);
}
