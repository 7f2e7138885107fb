export { createFeed, type Feed, type FeedSource, type Gap, type Told, type Watcher, type WatchOptions } from "./feed.ts";
