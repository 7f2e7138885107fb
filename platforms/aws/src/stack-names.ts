/** The stacks by what they hold. */
export const stackNames = {
  data: "Serverlesspresso-Data",
  services: "Serverlesspresso-Services",
  website: "Serverlesspresso-Website",
} as const;
