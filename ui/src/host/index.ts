/**
 * The only door to the engine. Views and state speak to this interface and never learn which host
 * carries them: the desktop window, or a browser on `inlet serve`.
 */
import { t, told } from "../strings";
import type { ApiError, Commands, Event, LinkVerdict } from "./gen/api";

export type * from "./gen/api";

/** A name of the engine's command list. */
export type CommandName = keyof Commands;
/** Parameters of a command; the engine fills in what is left out where it has a default. */
export type Params<K extends CommandName> = Partial<Commands[K]["params"]>;
/** What a command answers. */
export type Result<K extends CommandName> = Commands[K]["result"];

/** Ends a subscription. */
export type Stop = () => void;

/** A link somebody clicked inside a mail; the window asks before it is followed. */
export type ClickedLink = { href: string; verdict: LinkVerdict | null };

/** Something the desktop asks the window to do. */
export type Ask =
  | { kind: "link"; href: string }
  | { kind: "file"; path: string }
  | { kind: "notice"; notice: string; action: string }
  | { kind: "command"; command: string };

/** A notification in words; one that was shown with this version is not shown again. */
export type Shown = { id: string; version: number; title: string; body: string; silent: boolean; actions: { id: string; label: string }[] };

/** An entry of a menu: `open`, `quit`, or a command of the window; `key` is the letter that goes with Ctrl or ⌘. */
export type MenuEntry = { command: string; label: string; key?: string | null };

/** What the desktop says around the window, in the language of the window. */
export type DesktopWords = { unread: number; tip: string; tray: MenuEntry[]; menus: { title: string; items: MenuEntry[]; edit?: boolean }[] };

/** What only a window on a desktop has. */
export interface Desktop {
  /** Hears what the desktop asks for, also what it asked before anybody heard. */
  asks(hear: (ask: Ask) => void): Stop;
  /** Has these notifications stand, and no others. */
  notices(standing: Shown[]): Promise<void>;
  /** Sets tray, count and menu bar. */
  words(words: DesktopWords): Promise<void>;
  /** Brings the window to the front. */
  show(): Promise<void>;
}

export interface Host {
  /** What carries this window. */
  readonly kind: "window" | "browser" | "mock";
  /** Runs a command. Rejects with {@link Failure}. */
  call<K extends CommandName>(name: K, params?: Params<K>): Promise<Result<K>>;
  /** Hears the engine's events; a host that lost some says `resync`. */
  events(hear: (event: Event) => void): Stop;
  /** Hears of links clicked in mail frames, where the host can tell. */
  links(hear: (link: ClickedLink) => void): Stop;
  /** Follows a link in the system's browser. Only after {@link Commands} `link.inspect`. */
  openExternal(href: string): Promise<void>;
  /**
   * Opens an attachment in the program the system has for it; a browser is handed the file instead.
   *
   * @param sure the person was told that it could run a program
   */
  openFile(id: string, sure: boolean): Promise<void>;
  /** The desktop around the window; nothing in a browser. */
  readonly desktop: Desktop | null;
}

/** A command failed: one sentence for people, a code to branch on. */
export class Failure extends Error {
  readonly code: ApiError["code"];
  /** The source it is about. */
  readonly source: string | null;

  constructor(error: ApiError) {
    super(error.message);
    this.name = "Failure";
    this.code = error.code;
    this.source = error.source ?? null;
  }
}

/** Whatever was thrown, as a {@link Failure}. */
export function failure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (typeof error === "object" && error !== null && "code" in error && "message" in error) {
    return new Failure(error as ApiError);
  }
  return new Failure({ code: "failed", message: t("engine-silent") });
}

/** What went wrong, as the sentence to show. */
export function sentence(error: unknown): string {
  return told(failure(error).message);
}

let current: Host | undefined;

/** Sets the host; once, before the first view is mounted. */
export function useHost(host: Host): void {
  current = host;
}

/** The host. */
export function host(): Host {
  if (!current) throw new Error("no host was chosen before the first view");
  return current;
}

/** Asks for the passphrase of the secret store; answers whether it is open now. */
type Unlock = (why: string) => Promise<boolean>;
let unlock: Unlock | undefined;

/** Names who asks for the passphrase when a command needs it. */
export function useUnlock(ask: Unlock | undefined): void {
  unlock = ask;
}

let locked: (() => void) | undefined;

/** Names who hears that a command was refused because the window is locked. */
export function useLocked(hear: (() => void) | undefined): void {
  locked = hear;
}

/** Runs a command on the host; one that needs the secret store is run again once that is open. */
export async function call<K extends CommandName>(name: K, params?: Params<K>): Promise<Result<K>> {
  try {
    return await host().call(name, params);
  } catch (error) {
    const failed = failure(error);
    if (failed.code === "app_locked") locked?.();
    if (failed.code !== "locked" || name === "secrets.unlock" || !unlock) throw failed;
    if (!(await unlock(told(failed.message)))) throw failed;
    return host().call(name, params);
  }
}
