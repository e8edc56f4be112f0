// The fake Graph answers and is steered; what the window does with it is tested where the window is.

import assert from "node:assert/strict";
import { get as request } from "node:http";
import { test } from "node:test";
import { json } from "node:stream/consumers";

import { startFake, withoutFakes } from "./fakes.mjs";

/** Asks as little as can be: `fetch` sends headers that Graph does not document. */
function get(url, token) {
  return new Promise((found, failed) => {
    request(url, { headers: { authorization: `Bearer ${token}` } }, async (answer) =>
      found({ status: answer.statusCode, ...(await json(answer)) }),
    ).on("error", failed);
  });
}

test("the fake Graph answers a token it knows, and counts", { skip: withoutFakes }, async (t) => {
  const graph = await startFake("graph");
  t.after(graph.end);
  await graph.act("accept", { token: "t", scopes: ["Mail.Read"] });
  await graph.act("addMail", { message: { subject: "Hello" } });
  const { value } = await get(`${graph.url}/me/messages`, "t");
  assert.deepEqual(value.map((mail) => mail.subject), ["Hello"]);
  assert.equal((await get(`${graph.url}/me/messages`, "other")).status, 401);
  assert.equal((await graph.act("requests")).mail, 2);
  await assert.rejects(graph.act("deleteMail", { id: "nothing" }), /no such message/);
});

test("a request Microsoft does not document is told", { skip: withoutFakes }, async (t) => {
  const graph = await startFake("graph");
  t.after(graph.end);
  assert.equal((await get(`${graph.url}/me/nothing`, "t")).status, 404);
  const complaints = await graph.act("complaints");
  assert.match(complaints[0], /Nobody documents this path/);
});
