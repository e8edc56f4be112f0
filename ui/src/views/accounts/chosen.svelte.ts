/** Which of the kinds is being connected; the choice outlives the view. */
export const chosen: { kind: string } = $state({ kind: "mail" });
