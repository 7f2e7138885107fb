/** Members whose numbers are instants. JSON writes them as plain seconds; CBOR and XML have a form of their own for them. */
const names: Readonly<Record<string, ReadonlySet<string>>> = {
  AWSStepFunctions: new Set(["creationDate", "redriveDate", "startDate", "stopDate", "timestamp", "updateDate"]),
  DynamoDB_20120810: new Set(["CreationDateTime", "LastUpdateToPayPerRequestDateTime"]),
  AWSEvents: new Set(["CreationTime", "EventEndTime", "EventLastReplayedTime", "EventStartTime", "ReplayEndTime", "ReplayStartTime"]),
  GraniteServiceVersion20100801: new Set(["LastModified", "Timestamp", "Timestamps"]),
  AWSCognitoIdentityProviderService: new Set(["CreationDate", "LastModifiedDate", "UserCreateDate", "UserLastModifiedDate"]),
};

export function isInstant(service: string, member: string): boolean {
  return names[service]?.has(member) ?? false;
}
