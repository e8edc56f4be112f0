// What stands under the name of an account.

import type { AccountConfig, ChannelConfig } from "../../host";
import { platformName } from "../../parts/platforms";
import { t } from "../../strings";

/** Where a channel leads, without what could be a secret in an address. */
function whereTo({ via }: ChannelConfig): string {
  const kind = t(`channel-${via.kind}`);
  if (via.kind === "slack_webhook") return kind;
  if (via.kind === "telegram") return `${kind} · ${via.chat}`;
  if (via.kind === "smtp") return `${kind} · ${via.to}`;
  return `${kind} · ${URL.canParse(via.url) ? new URL(via.url).host : via.url}`;
}

export function subtitleOf(config: AccountConfig): string {
  switch (config.platform) {
    case "imap":
      return `${config.address} · ${config.imap.host}`;
    case "microsoft":
      return config.address ?? "";
    case "slack":
      return [config.address, config.workspace].filter(Boolean).join(" · ");
    case "whatsapp":
      return config.number ?? config.phone_number_id;
    case "channel":
      return whereTo(config);
    case "hook":
      return `${platformName(config.service)} · ${config.me}`;
    case "demo":
      return t("account-demo");
    case "files":
      return config.paths.join(", ");
  }
}
