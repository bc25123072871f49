/**
 * Where the data of an onboarded customer can be.
 *
 * Source: the list of "Onboard a customer" (AvePoint Graph API, state of 2026-07-01). Two ids were published with a digit too many from
 * 2025-10-11 to 2026-04-11, and clients still have them: they mean what was meant.
 */

interface DataCenter {
  /** A GUID. */
  readonly id: string;
  readonly name: string;
}

const published: readonly (readonly [id: string, name: string, ...misspelled: string[]])[] = [
  ['0b635b49-4c56-4e52-800a-1fa79b2d5b08', 'Australia Southeast'],
  ['7b9835ec-7299-4177-85e3-ba5cb3b2e041', 'Canada Central', '7b9835ec-7299-4177-85e3-ba5cb3b2e0411'],
  ['e44bb3ed-f1d8-4055-8c77-c8fd8cd63409', 'East US', 'e44bb3ed-f1d8-4055-8c77-c8fd8cd634092'],
  ['49681f94-26a7-4825-aca2-df2eca7c0f81', 'France Central'],
  ['ab2faf29-9e66-45ce-bf37-32f8cf484fb2', 'GCP for Australia Southeast'],
  ['7bd9748b-b52b-4e4d-9389-e70dccee3b2d', 'GCP for East US'],
  ['4f77581e-1a6f-47fd-9f68-9134a4f6989b', 'GCP for Japan'],
  ['8998f218-708f-4084-8647-32ed67042487', 'GCP for South Korea'],
  ['e38cb1b7-efa9-490e-ab46-83b45a94d1da', 'GCP for West Europe'],
  ['3225f6f8-a98c-425e-8279-c6696d99659d', 'Germany West Central'],
  ['ca577c72-83bd-454c-af62-da3d0586691d', 'Japan West'],
  ['e4f66389-8219-4432-9af1-01a9fe62a640', 'Korea Central'],
  ['f1cdd2b2-ac32-4509-8784-fb2b947ef519', 'North Europe'],
  ['0d4a9846-97ad-4c09-bb1c-8fbe93eaf3c6', 'Southeast Asia'],
  ['f8ccd75d-d979-417c-96ee-ae256a3af091', 'Switzerland North'],
  ['d95b9c82-a426-400f-8256-70646fdd1b4f', 'UK South'],
  ['4f93bdff-9b11-47b9-aa68-a86bfa09f61c', 'West Europe'],
  ['d9210f50-bdb1-4f8f-a2bb-99694d11f2da', 'US Gov Virginia'],
];

/** The 18 data centers, in the order of the page that lists them. */
export const dataCenters: readonly DataCenter[] = published.map(([id, name]) => ({ id, name }));

const byId = new Map<string, DataCenter>(
  published.flatMap(([id, name, ...misspelled]) =>
    [id, ...misspelled].map((spelling) => [spelling, { id, name }] as const),
  ),
);

/** The data center of this id, case ignored; undefined where there is none. */
export function dataCenterById(id: string): DataCenter | undefined {
  return byId.get(id.toLowerCase());
}
