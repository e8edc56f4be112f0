/**
 * PDFs by pdf.js, which is loaded when the first one is looked at. Pages become pixels: no scripts of
 * the file run, no links and no forms are made, and nothing is fetched from anywhere but this build.
 */
import type { PDFDocumentProxy } from "pdfjs-dist";

/** Points of a canvas at the most, whatever the zoom: a page of a plan may be metres wide. */
const MOST_PIXELS = 16_000_000;

/** Tables for texts whose fonts are not in the file, and fonts to stand in; loaded when one asks. */
const CMAPS = import.meta.glob<string>("/node_modules/pdfjs-dist/cmaps/*.bcmap", { query: "?inline", import: "default" });
const FONTS = import.meta.glob<string>("/node_modules/pdfjs-dist/standard_fonts/*.{pfb,ttf}", { query: "?inline", import: "default" });

class BuiltIn {
  async fetch({ kind, filename }: { kind: string; filename: string }): Promise<Uint8Array> {
    const all = kind === "cMapUrl" ? CMAPS : kind === "standardFontDataUrl" ? FONTS : {};
    const found = Object.entries(all).find(([path]) => path.endsWith(`/${filename}`));
    if (!found) throw new Error(`no ${kind} ${filename}`);
    const uri = await found[1]();
    return Uint8Array.from(atob(uri.slice(uri.indexOf(",") + 1)), (character) => character.charCodeAt(0));
  }
}

export type Drawing = { size: Promise<{ width: number; height: number }>; stop: () => void };

/** An open file. Sizes in CSS pixels at the true size. */
export class Pdf {
  readonly pages: number;
  readonly #document: PDFDocumentProxy;

  constructor(
    document: PDFDocumentProxy,
    /** Of the first page. */
    readonly width: number,
    readonly height: number,
  ) {
    this.#document = document;
    this.pages = document.numPages;
  }

  /** Draws a page, until stopped. */
  draw(number: number, canvas: HTMLCanvasElement, scale: number, density: number): Drawing {
    let stopped = false;
    let cancel = () => {};
    const size = this.#document.getPage(number).then(async (page) => {
      const own = page.getViewport({ scale: CSS_SCALE });
      const wished = scale * density;
      const most = Math.sqrt(MOST_PIXELS / (own.width * own.height));
      const viewport = page.getViewport({ scale: CSS_SCALE * Math.min(wished, most) });
      if (!stopped) {
        canvas.width = Math.ceil(viewport.width);
        canvas.height = Math.ceil(viewport.height);
        const drawing = page.render({ canvas, viewport, annotationMode: 1 });
        cancel = () => drawing.cancel();
        await drawing.promise;
        canvas.dataset["drawn"] = "true";
      }
      return { width: own.width, height: own.height };
    });
    return {
      size,
      stop: () => {
        stopped = true;
        cancel();
      },
    };
  }

  close(): void {
    void this.#document.loadingTask.destroy();
  }
}

/** PDF counts 72 points to the inch, CSS 96 pixels. */
const CSS_SCALE = 96 / 72;

/** Opens a file; its bytes are taken over. */
export async function openPdf(data: Uint8Array<ArrayBuffer>): Promise<Pdf> {
  const [pdfjs, worker] = await Promise.all([
    import("pdfjs-dist/legacy/build/pdf.mjs"),
    import("pdfjs-dist/legacy/build/pdf.worker.min.mjs?url"),
  ]);
  pdfjs.GlobalWorkerOptions.workerSrc = worker.default;
  const document = await pdfjs.getDocument({
    data,
    BinaryDataFactory: BuiltIn,
    useWorkerFetch: false,
    useWasm: false,
    isEvalSupported: false,
    enableXfa: false,
    stopAtErrors: false,
    verbosity: 0,
  }).promise;
  const first = (await document.getPage(1)).getViewport({ scale: CSS_SCALE });
  return new Pdf(document, first.width, first.height);
}

/** Why a file did not open: a password is missing. */
export function isLocked(error: unknown): boolean {
  // The class is in the library, which was loaded by then and is not asked for here.
  return error instanceof Error && /^password/iu.test(error.name);
}
