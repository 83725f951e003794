//! Journeys across services, as users and accidents make them.
//!
//! | module | subject |
//! |---|---|
//! | `journeys` | a tournament from its site to its delays; publishing; watching; two tournaments at one site |
//! | `reference` | the reference tournament, as the program imports it |
//! | `repeats` | repeated calls, over a restart too |
//! | `apart` | one service is down while the other works |
//! | `applications` | people from their application to their accreditation; imports, races, who reads what |
//! | `races` | many writers, one place |
//! | `access` | who may call what: every method of the contract |
//! | `any_input` | no method fails, whatever a message holds |
//! | `bad_input` | what is refused, and that nothing of it stays |
//! | `day` | the opening day through all services, in one process and in five of which each is killed |
//! | `checking` | schedules checked against rules; real fixtures |
//! | `draft_crashes` | processes killed while a draft is published |
//! | `drafts` | drafts put in force, refused, outdated and given up; earlier versions again |
//! | `competitions` | competitions played from their draw to their ranks; results that race; teams that leave |
//! | `world_cups` | the tables of real World Cups |
//! | `evenings` | the roster and the gates of one match: races, refusals, and what a cancelled match takes along |
//! | `live` | a match that is kicked off, interrupted, extended and finished, and what follows it |
//! | `messages` | what volunteers are told: by file, by call, by mail; retries, and processes killed in the middle |
//! | `officials` | who leads matches: imported, away, appointed, refused |
//! | `exports` | schedules as files, and as calendars that programs subscribe to |
//! | `crashes` | processes killed while activities move |
//! | `publishing` | processes killed while a version is published |
//! | `roster_repairs` | rosters mended, made anew and in part |
//! | `rosters` | rosters made by the engine: published, outdated, repeated, refused |
//! | `runs` | runs of the timetable engine: found again, cancelled, limited, lost with their process |
//! | `timetables` | timetables made and repaired, and what is refused before a search |
//! | `main_pitch` | the reference tournament: made, its main pitch lost, repaired and published |
//! | `frames` | what timetables are made within; rules that the timetable engine decides |
//! | `alerts` | a crowd that is told, handed on and over; a gate that is watched |
//! | `simulations` | whole sessions played at the gates, also while the server is killed |
//! | `lifecycle` | starting, ending, and what stands in the way of both |

mod access;
mod alerts;
mod any_input;
mod apart;
mod applications;
mod bad_input;
mod checking;
mod competitions;
mod crashes;
mod day;
mod draft_crashes;
mod drafts;
mod erasures;
mod evenings;
mod exports;
mod frames;
mod journeys;
mod lifecycle;
mod live;
mod main_pitch;
mod messages;
mod officials;
mod publishing;
mod races;
mod reference;
mod repeats;
mod roster_repairs;
mod rosters;
mod runs;
mod self_service;
mod simulations;
mod timetables;
mod volunteers_day;
mod world_cups;
