/** The signs a kept search can have, so that the narrow rail tells one from the other. */
import Bell from "@lucide/svelte/icons/bell";
import Bookmark from "@lucide/svelte/icons/bookmark";
import Briefcase from "@lucide/svelte/icons/briefcase";
import Code from "@lucide/svelte/icons/code";
import Flag from "@lucide/svelte/icons/flag";
import Heart from "@lucide/svelte/icons/heart";
import House from "@lucide/svelte/icons/house";
import Paperclip from "@lucide/svelte/icons/paperclip";
import Plane from "@lucide/svelte/icons/plane";
import Receipt from "@lucide/svelte/icons/receipt";
import User from "@lucide/svelte/icons/user";
import Users from "@lucide/svelte/icons/users";

import type { Kept } from "../../host";

const ICONS = { bookmark: Bookmark, flag: Flag, user: User, users: Users, briefcase: Briefcase, house: House, receipt: Receipt, plane: Plane, heart: Heart, bell: Bell, paperclip: Paperclip, code: Code };

export type IconName = keyof typeof ICONS;
export const ICON_NAMES = Object.keys(ICONS) as IconName[];

/** The sign that was chosen; the first for one that has none. */
export function iconOf(kept: Kept): IconName {
  return ICON_NAMES.find((name) => name === kept.data["icon"]) ?? "bookmark";
}

export const picture = (name: IconName) => ICONS[name];
