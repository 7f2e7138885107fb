/** What several of SQS's requests have, in its own spelling (JSON protocol 1.0). */
import { requestParser } from "@serverlesspresso/aws-service";
import { z } from "zod";
import { unfit } from "./errors.ts";

/** The URL of a queue. */
export const QueueUrl = z.string().min(1);
/** The attributes that a call asks for. */
export const AttributeNames = z.array(z.string()).optional().meta({ queryName: "AttributeName" });
/** A queue's attributes or tags. */
export const Texts = z.record(z.string(), z.string());
/** A whole number. @param reason what a refusal says */
export const whole = (least: number, most: number, reason: string) =>
  z.int({ error: reason }).min(least, { error: reason }).max(most, { error: reason });

/** @throws {QueueError} `MissingRequiredParameterException` or `InvalidParameterValueException` naming the member */
export const parseRequest = requestParser(unfit);
