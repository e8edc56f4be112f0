/** What ships, made by the build (licences.ts). */
declare module "virtual:licences" {
  const all: import("../licences").Licences;
  export default all;
}
