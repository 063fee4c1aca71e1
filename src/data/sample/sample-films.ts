import { normalSource, uniformSource } from '../simulate/random-sources.js';

const ageGroups = ['under 18', '18-24', '25-34', '35-49', '50-64', '65 and over'];
const countries = [
  'Brazil',
  'France',
  'Germany',
  'India',
  'Japan',
  'Kenya',
  'Mexico',
  'Spain',
  'United Kingdom',
  'United States',
];
const devices = ['phone', 'tablet', 'television', 'web'];
const genres = [
  'action',
  'animation',
  'comedy',
  'documentary',
  'drama',
  'family',
  'horror',
  'romance',
  'science fiction',
  'thriller',
];
/** The number of traits of taste that users and films share. */
const traits = 5;

interface User {
  readonly id: number;
  readonly age: number;
  readonly country: number;
  readonly device: number;
  readonly taste: readonly number[];
  readonly thrift: number;
  readonly patience: number;
  purchases: number;
}

interface Film {
  readonly id: number;
  readonly genre: number;
  readonly year: number;
  readonly runtime: number;
  readonly price: number;
  readonly quality: number;
  readonly rating: number | null;
  readonly traits: readonly number[];
}

/**
 * Generates a film shop's table in CSV from latent tastes, the same for the same seed. It has one row for
 * each time that a user looked at a film. The labels are `bought` (0, 1) and, where the film was bought,
 * `liked` (0, 1) and the `minutes` watched. All depend on what users and films are like; besides, buying
 * depends on the price, liking on the quality, and watching on device, hour and patience.
 */
export function filmTable(rows: number, seed: number): string {
  const uniform = uniformSource(seed);
  const normal = normalSource(seed + 1);
  const pick = (count: number): number => Math.floor(uniform() * count);
  const vector = (spread: number): number[] => Array.from({ length: traits }, () => spread * normal());
  const tasteOfAge = ageGroups.map(() => vector(0.8));
  const tasteOfCountry = countries.map(() => vector(0.4));
  const traitsOfGenre = genres.map(() => vector(0.9));
  const users = Array.from({ length: 1500 }, (_, i): User => {
    const age = pick(ageGroups.length);
    const country = pick(countries.length);
    return {
      id: 10_001 + i,
      age,
      country,
      device: pick(devices.length),
      taste: sum(tasteOfAge[age]!, tasteOfCountry[country]!, vector(0.35)),
      thrift: Math.max(0.2, 1 + 0.35 * normal() - 0.12 * age),
      patience: normal(),
      purchases: Math.floor(-4 * Math.log(1 - uniform())),
    };
  });
  const films = Array.from({ length: 400 }, (_, i): Film => {
    const genre = pick(genres.length);
    const quality = normal();
    const year = 2025 - Math.floor(-9 * Math.log(1 - uniform()));
    return {
      id: 501 + i,
      genre,
      year,
      runtime: Math.round(
        Math.min(200, Math.max(60, 104 + 18 * normal() - (genres[genre] === 'animation' ? 14 : 0))),
      ),
      price: Math.max(0.99, Math.round(6 + (year > 2022 ? 6 : 0) + 2.5 * normal()) - 0.01),
      quality,
      // Films that nobody has rated yet.
      rating: uniform() < 0.06 ? null : Math.min(5, Math.max(1, 3.4 + 0.6 * quality + 0.25 * normal())),
      traits: sum(traitsOfGenre[genre]!, vector(0.35)),
    };
  });
  const lines = [
    'user_id,age_group,country,device,hour,film_id,genre,year,runtime,price,' +
      'average_rating,past_purchases,bought,liked,minutes',
  ];
  for (let row = 0; row < rows; row++) {
    const user = users[pick(users.length)]!;
    // Some films are looked at far more than others.
    const film = films[Math.floor(films.length * uniform() ** 2)]!;
    const hour = hourOf(uniform);
    const outcome = visit(user, film, hour, uniform, normal);
    lines.push(
      [
        user.id,
        ageGroups[user.age]!,
        countries[user.country]!,
        devices[user.device]!,
        hour,
        film.id,
        genres[film.genre]!,
        film.year,
        film.runtime,
        film.price.toFixed(2),
        film.rating === null ? '' : film.rating.toFixed(1),
        user.purchases,
        outcome.bought ? 1 : 0,
        outcome.bought ? (outcome.liked ? 1 : 0) : '',
        outcome.bought ? outcome.minutes : '',
      ].join(','),
    );
    if (outcome.bought) user.purchases++;
  }
  return `${lines.join('\n')}\n`;
}

/** Draws the outcome of a user's visit to a film. */
function visit(
  user: User,
  film: Film,
  hour: number,
  uniform: () => number,
  normal: () => number,
): { bought: boolean; liked: boolean; minutes: number } {
  const affinity = user.taste.reduce((total, taste, i) => total + taste * film.traits[i]!, 0);
  const evening = hour >= 19 && hour <= 23 ? 1 : 0;
  const rating = (film.rating ?? 3.4) - 3.4;
  const bought = chance(
    -0.35 +
      0.8 * affinity +
      0.7 * rating +
      0.5 * evening -
      0.16 * user.thrift * (film.price - 7) +
      0.05 * user.purchases,
    uniform,
  );
  const liked = chance(
    0.3 + 0.7 * affinity + 1.1 * film.quality - 0.06 * user.thrift * (film.price - 7),
    uniform,
  );
  // Those who like a film watch to its end; a phone is put away sooner, and so is a film that starts at
  // midnight.
  const ease = { phone: -0.8, tablet: -0.2, television: 0.7, web: 0 }[devices[user.device]!] ?? 0;
  const late = hour >= 23 || hour < 5 ? -0.9 : 0;
  const share = logistic(
    0.8 + 0.5 * affinity + (liked ? 0.9 : -0.7) + ease + late + 0.5 * user.patience + 0.4 * normal(),
  );
  return { bought, liked, minutes: Math.max(1, Math.round(film.runtime * share)) };
}

/** Draws the hour of a visit; most are in the evening. */
function hourOf(uniform: () => number): number {
  const hour = uniform() < 0.65 ? 20 + 3 * (uniform() + uniform() - 1) : 24 * uniform();
  return Math.floor((hour + 24) % 24);
}

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));
const chance = (logit: number, uniform: () => number): boolean => uniform() < logistic(logit);
const sum = (...vectors: readonly (readonly number[])[]): number[] =>
  Array.from({ length: traits }, (_, i) => vectors.reduce((total, vector) => total + vector[i]!, 0));
