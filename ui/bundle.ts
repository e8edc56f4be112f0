/**
 * What the window has to read before it shows anything. The build fails where that grows beyond what opens at once,
 * or where something that is for later, such as the editor with formatting, is no longer fetched later. A test of
 * the finished files would come too late for whoever builds by hand, and would not know why a file is in.
 */
import { gzipSync } from "node:zlib";

import type { Plugin, Rollup } from "vite";

/** Most bytes of script, gzipped, that the first page may need. */
export const MOST = 500_000;

/** Parts that are fetched when they are first used. */
const LATER = ["@tiptap/", "prosemirror-", "pdfjs-dist"];

/** As much of a chunk as is looked at. */
export type Chunk = Pick<Rollup.OutputChunk, "fileName" | "isEntry" | "imports" | "code"> & { moduleIds: readonly string[] };

/** The chunks that are read at the start: entries, and what they import without being asked. */
export function first(chunks: readonly Chunk[]): Chunk[] {
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
  const found = new Set<Chunk>();
  const queue = chunks.filter((chunk) => chunk.isEntry);
  for (let chunk = queue.pop(); chunk; chunk = queue.pop()) {
    if (found.has(chunk)) continue;
    found.add(chunk);
    queue.push(...chunk.imports.flatMap((name) => byName.get(name) ?? []));
  }
  return [...found];
}

/** What is wrong with what is read at the start, in sentences. */
export function faults(chunks: readonly Chunk[], most = MOST): string[] {
  const read = first(chunks);
  const size = read.reduce((sum, chunk) => sum + gzipSync(chunk.code).length, 0);
  const early = LATER.filter((part) => read.some((chunk) => chunk.moduleIds.some((id) => id.includes(`node_modules/${part}`))));
  return [
    ...(size > most ? [`The window reads ${size} bytes of gzipped script before it shows anything, more than ${most}.`] : []),
    ...early.map((part) => `${part} is read at the start; import it when it is first used.`),
  ];
}

/** Fails the build where something is wrong. */
export function bundle(): Plugin {
  return {
    name: "inlet-bundle",
    apply: "build",
    generateBundle(_, files) {
      const found = faults(Object.values(files).filter((file) => file.type === "chunk"));
      if (found.length > 0) this.error(found.join("\n"));
    },
  };
}
