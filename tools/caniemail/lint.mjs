// Reads {clients, letters: {name: html}} and writes what the clients lack: [[feature, "error"|"warning", client, letter]].
import { readFileSync } from "node:fs";
import { caniemail } from "caniemail";

const { clients, letters } = JSON.parse(readFileSync(0, "utf8"));
const found = new Map();
for (const [letter, html] of Object.entries(letters)) {
  const { issues } = caniemail({ clients, html });
  for (const [kind, byClient] of [["error", issues.errors], ["warning", issues.warnings]]) {
    for (const [client, list] of byClient) {
      for (const { title } of list) {
        const key = JSON.stringify([title, kind, client]);
        if (!found.has(key)) found.set(key, letter);
      }
    }
  }
}
process.stdout.write(JSON.stringify([...found].map(([key, letter]) => [...JSON.parse(key), letter])));
