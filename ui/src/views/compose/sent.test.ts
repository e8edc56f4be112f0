import { beforeEach, describe, expect, it } from "vitest";

import { useHost } from "../../host";
import { MockHost } from "../../host/mock";
import { status } from "../../state/status.svelte";
import { ui } from "../../state/ui.svelte";
import { reopen } from "./sent";
import { blank } from "./writing.svelte";

beforeEach(async () => {
  useHost(new MockHost());
  await status.refresh();
  ui.compose = null;
  ui.paging = null;
});

describe("what was taken back is opened where it was written", () => {
  it("a page of notes as a page, with its title and section", () => {
    const page = { ...blank(), section: "sec1", subject: "Packing list", text: "- [ ] passport" };
    reopen(page);
    expect(ui.paging).toEqual({ draft: page });
    expect(ui.compose).toBeNull();
  });

  it("a page whose section was not chosen yet as a page as well", () => {
    const book = status.sources.find((source) => source.kind === "note");
    expect(book).toBeDefined();
    reopen({ ...blank(), source: book!.id, text: "A thought" });
    expect(ui.paging).not.toBeNull();
  });

  it("a mail in the panel", () => {
    reopen({ ...blank(), subject: "Plan" });
    expect(ui.paging).toBeNull();
    expect(ui.compose).toMatchObject({ draft: { subject: "Plan" } });
  });
});
