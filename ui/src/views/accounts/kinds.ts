// What can be connected, in the order it is offered. An entry is all the wizard has to know of a provider: its sign and
// words, the form that connects it, and what Inlet does with it.

import AppWindow from "@lucide/svelte/icons/app-window";
import AtSign from "@lucide/svelte/icons/at-sign";
import GitPullRequest from "@lucide/svelte/icons/git-pull-request";
import Hash from "@lucide/svelte/icons/hash";
import Mail from "@lucide/svelte/icons/mail";
import MessageCircle from "@lucide/svelte/icons/message-circle";
import Megaphone from "@lucide/svelte/icons/megaphone";
import SquareKanban from "@lucide/svelte/icons/square-kanban";
import type { Component } from "svelte";

import type { AccountView } from "../../host";
import { t } from "../../strings";

import About from "./About.svelte";
import AboutChannel from "./AboutChannel.svelte";
import AboutGoogle from "./AboutGoogle.svelte";
import AboutHook from "./AboutHook.svelte";
import AboutMicrosoft from "./AboutMicrosoft.svelte";
import AboutSlack from "./AboutSlack.svelte";
import AboutWhatsApp from "./AboutWhatsApp.svelte";
import ChannelForm from "./ChannelForm.svelte";
import GoogleForm from "./GoogleForm.svelte";
import HookForm from "./HookForm.svelte";
import MailForm from "./MailForm.svelte";
import MicrosoftForm from "./MicrosoftForm.svelte";
import SlackForm from "./SlackForm.svelte";
import { ChannelWizard } from "./channel.svelte";
import { GoogleWizard } from "./google.svelte";
import { HookWizard } from "./hook.svelte";
import { MicrosoftWizard } from "./microsoft.svelte";
import { SlackWizard } from "./slack.svelte";
import { WhatsAppWizard } from "./whatsapp.svelte";
import WhatsAppForm from "./WhatsAppForm.svelte";
import { Wizard } from "./wizard.svelte";

/** A connection that is being made. */
export interface Work {
  /** What came of it. */
  readonly account: AccountView | null;
  /** What it takes to sign in is there. */
  readonly signedIn: boolean;
  /** The test passed. */
  readonly tested: boolean;
}

export interface Kind<W extends Work = Work> {
  id: string;
  icon: typeof Mail;
  /** What it is called, and what it is for. */
  name: () => string;
  text: () => string;
  /** The one being filled in. */
  work: () => W;
  form: Component<{ work: W }>;
  about: Component<{ work: W }>;
}

/** Outlives the view, so that going to look something up in the window loses nothing of what was typed; a new one after the last was connected. */
function outliving<W extends Work>(make: () => W): () => W {
  let current = make();
  return () => {
    if (current.account) current = make();
    return current;
  };
}

/** What Inlet does may be the same whatever is filled in. */
type Entry<W extends Work> = Omit<Kind<W>, "about"> & { about: Component<{ work: W }> | Component<Record<string, never>> };

/** An entry whose form and words fit its work, as one of a list. */
function kind<W extends Work>(one: Entry<W>): Kind {
  return one as unknown as Kind;
}

export const KINDS: readonly Kind[] = [
  kind({ id: "mail", icon: Mail, name: () => t("connect-mail"), text: () => t("connect-mail-text"), work: outliving(() => new Wizard()), form: MailForm, about: About }),
  kind({ id: "google", icon: AtSign, name: () => t("connect-google"), text: () => t("connect-google-text"), work: outliving(() => new GoogleWizard()), form: GoogleForm, about: AboutGoogle }),
  kind({ id: "microsoft", icon: AppWindow, name: () => t("connect-microsoft"), text: () => t("connect-microsoft-text"), work: outliving(() => new MicrosoftWizard()), form: MicrosoftForm, about: AboutMicrosoft }),
  kind({ id: "slack", icon: Hash, name: () => t("connect-slack"), text: () => t("connect-slack-text"), work: outliving(() => new SlackWizard()), form: SlackForm, about: AboutSlack }),
  kind({ id: "whatsapp", icon: MessageCircle, name: () => t("connect-whatsapp"), text: () => t("connect-whatsapp-text"), work: outliving(() => new WhatsAppWizard()), form: WhatsAppForm, about: AboutWhatsApp }),
  kind({ id: "github", icon: GitPullRequest, name: () => t("connect-github"), text: () => t("connect-github-text"), work: outliving(() => new HookWizard("github")), form: HookForm, about: AboutHook }),
  kind({ id: "jira", icon: SquareKanban, name: () => t("connect-jira"), text: () => t("connect-jira-text"), work: outliving(() => new HookWizard("jira")), form: HookForm, about: AboutHook }),
  kind({ id: "channel", icon: Megaphone, name: () => t("connect-channel"), text: () => t("connect-channel-text"), work: outliving(() => new ChannelWizard()), form: ChannelForm, about: AboutChannel }),
];
