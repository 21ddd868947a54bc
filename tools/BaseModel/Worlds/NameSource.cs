using System.Globalization;
using System.Text;

namespace OpenLedger.BaseModel.Worlds;

/// <summary>Invents names and values, deterministically from one generator.</summary>
internal sealed class NameSource(Random random, WordLists words)
{
    /// <summary>Share of the values that are put together from the word lists instead of the kind's own short list.</summary>
    private const double OpenShare = 0.6;

    private const string Colours = "white black red blue green yellow grey brown purple orange pink silver golden crimson turquoise ivory amber violet copper teal scarlet olive indigo cream lilac";
    private const string Materials = "oak|granite|red brick|tin|slate|glass|marble|pine|limestone|copper plates|driftwood|cast iron|clay|bronze|sandstone|ash wood|steel|birch bark|whalebone|black basalt|larch|cork|woven willow|lead|concrete";
    private const string Goods = "salt|wool|lamp oil|glass beads|dried fish|paper|bells|rope|honey|candles|tea|barrels|clocks|maps|soap|iron nails|cinnamon|silk thread|ink|coal|buttons|seeds|kites|leather boots|umbrellas|turnips|compasses|tiles|medicine|cheese|timber|mirrors|sails|spoons|parchment|apples|gunpowder|pepper|window glass|sensors|batteries|pumps|lenses|software|cables|engines|toys|chairs";
    private const string Animals = "cat|dog|raven|goat|otter|fox|goose|tortoise|hedgehog|owl|ferret|parrot|horse|mouse|badger|swan|newt|bee|donkey|heron|lynx|crab|moth|pike|hare|bear|snake|spider|wolf|eagle|seal|toad";
    private const string AnimalAdjectives = "one-eyed|lame|old|white|grey|tame|black|huge|tiny|blind|brown|spotted|sleepy|noisy";
    private const string Foods = "onion soup|barley bread|smoked eel|plum cake|bean stew|goat cheese|fried pike|apple dumplings|lentil pie|mussel broth|honey buns|pickled beets|rye pancakes|mushroom rice|salted herring|pear tart|duck eggs|walnut loaf|nettle soup|potato cakes|baked quince|crab rolls|millet porridge|carrot noodles";
    private const string Drinks = "mint tea|dark ale|pear cider|hot milk|elder wine|black coffee|birch water|ginger beer|plum brandy|rose lemonade|barley water|spiced cocoa|nettle tea|apple juice|mead|cherry punch";
    private const string Instruments = "the fiddle|the drum|the flute|the harp|the organ|the trumpet|the lute|the bagpipe|the zither|the cello|the bells|the horn|the accordion|the oboe|the mandolin|the piano";
    private const string Objects = "lantern|anchor|key|feather|bell|ladder|compass|acorn|broom|hammer|thimble|crown|kettle|needle|sickle|wheel|shell|candle|book|ring|spade|mirror|whistle|pearl|scarf|clock|cup|flute|star|coin|boot|sail|hook|spoon|ribbon|chisel|mask|tile";
    private const string ObjectAdjectives = "silver|broken|blue|wooden|golden|green|rusty|small|glass|white|red|bent|striped|copper|heavy|painted|black|stone|woven|double";
    private const string Jobs = "a weaver|a baker|a pilot|a surveyor|a glassblower|a midwife|a clockmaker|a beekeeper|a ferryman|a printer|a tanner|a cartographer|a mason|a nurse|a chandler|a cooper|a roofer|a notary|a shepherd|a diver|a programmer|a plumber|a violinist|a carpenter|a miller|a potter|a dyer|a signalman|a welder|a librarian";
    private const string Hobbies = "carving spoons|playing chess|growing orchids|reading maps|fishing for eels|building kites|singing ballads|collecting stamps|baking bread|watching stars|sewing quilts|brewing cider|walking the cliffs|painting boats|writing letters|keeping bees|flying pigeons|pressing flowers|solving riddles|swimming|juggling|rowing";
    private const string Plants = "oak|rose|thistle|fern|lily|pine|ivy|poppy|birch|heather|willow|orchid|clover|holly|sage|iris|elder|moss|lavender|tulip";
    private const string Games = "chess|bowls|cards|dominoes|archery|draughts|skittles|rowing|fencing|tag|marbles|curling|quoits|wrestling|running|handball";
    private const string Spots = "behind the stove|under the stairs|above the door|in the cellar|on the third floor|beside the well|in the north wing|under a loose tile|in the blue drawer|behind the altar|on the roof|next to the boiler|in a clay jar|at the end of the hall|under the bridge|by the east gate|in the attic|inside the clock|over the fireplace|on the top shelf|beneath the pear tree|in room nine|behind the mirror|at the old quay|near the lift|in the back yard";
    private const string FirstNames = "Anna Maria John Peter Elena Tomas Clara Hugo Nadia Victor Lucy Oscar Irene Felix Marta Simon Rosa Daniel Greta Paul Alice Leon Sofia Adam Julia Max Nora Ivan Helen Samuel Eva Martin Laura David Emma Jonas Ruth Carl Mina Robert Ada Noah Lena Oliver Wei Amir Yuki Priya Omar Linh Kofi Ines Bruno Tara Gavin Moira Ewan Rhea Tess Miles Zara Quentin Wanda Otto Ursula Kai Dora Boris Celia Edgar Fiona Gustav";
    private const string LastNames = "Keller Smith Novak Brown Jensen Weber Martin Rossi Fischer Cohen Clark Young Moreau Silva Berg Lang Price Stone Marsh Wood Hill Baker Cole Dunn Frost Gray Hale Irving Kent Lowe Nash Owens Page Reed Shaw Todd Vance West York Tran Nguyen Chen Singh Khan Tanaka Mensah Okafor Ortega Petrov Larsen Hart Voss Falk Brandt Quill Thorne Ashby";
    private const string Days = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday";
    private const string Months = "January February March April May June July August September October November December";
    private const string Units = "crowns marks pennies shillings florins ducats coins tokens dollars euros";
    private const string Onsets = "b|br|c|ch|cr|d|dr|f|fl|g|gl|gr|h|j|k|kl|l|m|n|p|pr|qu|r|s|sh|sk|st|t|th|tr|v|w|y|z||||";
    private const string Vowels = "a|e|i|o|u|ae|ai|ea|ei|ia|oa|ou|y|a|e|i|o";
    private const string Codas = "||||b|ck|d|l|ld|ll|m|mb|n|nd|ng|nn|r|rd|rn|rr|s|ss|st|t|th|v|x|z";
    private const string PlaceEnds = "ton|ford|wick|haven|mere|stead|holm|by|dale|burg|mouth|fell|port|ville|gard|ley|den";
    private const string PlaceForms = "Port {0}|{0} Hollow|{0} Bay|Upper {0}|Lower {0}|{0} Hill|New {0}|Saint {0}|{0} Falls|{0} Quay|North {0}|{0} Bridge";
    private const string BuildingForms = "the {0} Mill|{0} Tower|the {0} Inn|{0} Hall|the {0} Library|the Old {0} House|{0} Lighthouse|the {0} School|{0} Station|the {0} Theatre|{0} Museum|the {0} Bakery|{0} Castle|the {0} Clinic|the {0} Bathhouse|{0} Observatory|the {0} Archive|the {0} Bridge";
    private const string OrgForms = "{0} Works|the {0} Guild|{0} & Sons|{0} and {1}|{0} Labs|the {0} Society|{0} Systems|the {0} Bank|{0} Industries|the {0} Orchestra|{0} Foods|{0} Robotics|the {0} Council|{0} Shipping|{0} & Daughters|the {0} Club|{0} Press|{0} Energy";
    private const string ShipForms = "the {0}|the Grey {1}|the {0} Star|the Queen of {0}|the Merry {1}|the Black {1}|the Old {1}|the {0} Maid|the Red {1}|the Swift {1}";
    private const string ShipNouns = "Heron|Otter|Marigold|Swallow|Comet|Lantern|Dolphin|Thistle|Pelican|Anchor|Badger|Pearl|Raven|Hare|Willow|Falcon|Whale|Kestrel";
    private const string EventForms = "{0} Night|the {0} Fair|the Feast of {0}|the {0} Regatta|{0} Day|the {0} Race|the {0} Market|the {0} Festival|the March of {0}|the {0} Congress";
    private const string ThingForms = "the {0} lamp|the {0} stone|the {0} pump|the {0} clock|the {0} kettle|the Model {2}|the {0} loom|the {0} engine|the {0} well|the {0} bell|the {0} plough|the {0} sensor|the {0} statue|the {0} scanner";
    private const string ProjectForms = "Project {0}|{0}|the {0} plan|Operation {0}|the {0} programme|{0} {3}|the {0} app";
    private const string RoadForms = "{0} Road|the {0} Canal|{0} Street|the {0} Line|{0} Lane|the {0} Pass|{0} Avenue|the {0} Trail|the {0} Tunnel";
    private const string RiverForms = "the {0}|the {0} Water|the Little {0}|the river {0}|the {0} Brook";
    private const string NicknameForms = "the {4} {5}|Old {0}|the {5} of {0}|Little {0}|the {4} One|Big {0}";

    public string Value(string kind) => random.NextDouble() < OpenShare ? OpenValue(kind) ?? ListedValue(kind) : ListedValue(kind);

    /// <summary>A value of open wording, or null for kinds whose values are names, numbers or dates anyway.</summary>
    private string? OpenValue(string kind) => kind switch
    {
        "job" => Article(random.Next(3) == 0 ? $"{Adjective()} {Craft()}" : Craft()),
        "colour" => random.Next(2) == 0 ? $"{Noun()} {Word(Colours)}" : $"{Adjective()} {Word(Colours)}",
        "material" => random.Next(2) == 0 ? $"{Adjective()} {Noun()}" : $"{Noun()} and {Noun()}",
        "goods" => random.Next(4) switch { 0 => Noun() + "s", 1 => $"{Noun()} {Noun()}s", 2 => $"{Noun()}s and {Noun()}s", _ => $"{Adjective()} {Noun()}s" },
        "animal" => random.Next(3) == 0 ? Noun() + "s" : Article($"{Adjective()} {Noun()}"),
        "object" or "word" => random.Next(5) switch { 0 => $"two {Noun()}s", 1 => Article($"{Noun()} {Noun()}"), 2 => $"{Adjective()} {Noun()}", _ => Article($"{Adjective()} {Noun()}") },
        "food" => random.Next(3) switch { 0 => $"{Noun()} {Noun()}", 1 => $"{Adjective()} {Noun()}", _ => $"{Noun()} with {Noun()}" },
        "drink" => random.Next(2) == 0 ? $"{Noun()} {Pick("tea|wine|juice|beer|brandy|milk|water|cider|soup|punch")}" : $"{Adjective()} {Noun()}",
        "instrument" => $"the {Noun()}",
        "hobby" => random.Next(3) == 0 ? Gerund() : $"{Gerund()} {(random.Next(2) == 0 ? Adjective() + " " : "")}{Noun()}s",
        "plant" => random.Next(2) == 0 ? $"{Adjective()} {Noun()}" : $"the {Noun()}",
        "game" => random.Next(2) == 0 ? Gerund() : $"{Noun()} {Gerund()}",
        "spot" => random.Next(2) == 0 ? $"{Preposition()} the {Noun()}" : $"{Preposition()} the {Adjective()} {Noun()}",
        "nickname" => random.Next(3) switch { 0 => $"the {Cap(Adjective())} {Cap(Noun())}", 1 => $"the {Cap(Noun())}", _ => $"{Cap(Adjective())} {Cap(Noun())}" },
        "ship" => $"the {Cap(Adjective())} {Cap(Noun())}",
        "thing" => random.Next(2) == 0 ? $"the {Cap(Adjective())} {Cap(Noun())}" : $"the {Root(1, 3)} {Noun()}",
        "building" => $"the {Cap(Noun())} {Pick("House|Hall|Mill|Tower|Office|Store|Yard|School|Church|Gate|Court|Lodge|Shop")}",
        "event" => $"the {Pick("Feast|Night|Day|Race|March|Dance")} of {Cap(Noun())}s",
        "project" => $"Project {Cap(Noun())}",
        "road" => $"{Cap(Noun())} {Pick("Street|Road|Lane|Bridge|Square|Walk|Alley|Steps")}",
        "org" => random.Next(2) == 0 ? $"the {Cap(Noun())} {Pick("Guild|Bank|Club|Society|Company|Press|Choir|Council|Union")}" : $"{Person()} {Pick("Ltd|Works|Brothers|Yard|Foods|Group")}",
        "money" => $"{random.Next(2, 100)} {Noun()}s",
        "language" => $"Old {Root(1, 2)}ish",
        "place" => random.Next(2) == 0 ? $"{Cap(Noun())} {Pick("Point|Bay|Hill|Abbey|Cross|Green|Rock|Island|Bridge|Mouth|Field")}" : $"{Cap(Noun())}{Pick(PlaceEnds)}",
        "person" => random.Next(3) == 0 ? $"{Root(1, 2)} {Cap(Noun())}" : null,
        "time" => $"{Pick("half past|a quarter past|a quarter to|ten past|twenty to")} {Pick("one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve")}",
        _ => null,
    };

    private string ListedValue(string kind) => kind switch
    {
        "person" => Person(),
        "place" => Place(),
        "org" => Form(OrgForms),
        "building" => Form(BuildingForms),
        "ship" => Form(ShipForms),
        "event" => Form(EventForms),
        "thing" => Form(ThingForms),
        "project" => Form(ProjectForms),
        "road" => Form(RoadForms),
        "river" => Form(RiverForms),
        "nickname" => Form(NicknameForms),
        "job" => Pick(Jobs),
        "year" => Number(random.Next(4) == 0 ? random.Next(900, 1500) : random.Next(1500, 2026)),
        "number" => Number(random.Next(3) switch { 0 => random.Next(2, 30), 1 => random.Next(20, 1000), _ => random.Next(1000, 10000) }),
        "length" => Number(random.Next(2, 400)) + (random.Next(3) == 0 ? " feet" : " metres"),
        "money" => Number(random.Next(2, 500)) + " " + Word(Units),
        "money unit" => random.Next(2) == 0 ? Word(Units) : Lower(Root(1, 2)) + "s",
        "time" => random.Next(2) == 0 ? $"{random.Next(1, 13)}:{Pick("00|15|30|45")}" : $"{Pick("one|two|three|four|five|six|seven|eight|nine|ten|eleven|noon|midnight|half past six|half past nine|a quarter past ten")}",
        "day" => Word(Days),
        "date" => $"{random.Next(1, 29)} {Word(Months)}",
        "month" => Word(Months),
        "colour" => Colour(),
        "material" => Pick(Materials),
        "goods" => random.Next(3) == 0 ? Pick(ObjectAdjectives) + " " + Pick(Goods) : Pick(Goods),
        "animal" => $"{Article(Pick(AnimalAdjectives) + " " + Pick(Animals))}",
        "object" => $"{Article(Pick(ObjectAdjectives) + " " + Pick(Objects))}",
        "food" => Pick(Foods),
        "drink" => Pick(Drinks),
        "instrument" => Pick(Instruments),
        "hobby" => Pick(Hobbies),
        "plant" => random.Next(2) == 0 ? $"the {Colour()} {Pick(Plants)}" : $"the {Pick(Plants)}",
        "game" => Pick(Games),
        "language" => Root(1, 2) + Pick("ish|ian|ese|ic"),
        "spot" => Pick(Spots),
        "code" => Code(),
        "word" => random.Next(2) == 0 ? Lower(Root(2, 3)) : Pick(ObjectAdjectives) + " " + Pick(Objects),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown kind in forms.txt."),
    };

    private string Person()
    {
        string first = random.Next(3) == 0 ? Word(FirstNames) : Root(1, 2);
        string last = random.Next(3) == 0 ? Word(LastNames) : Root(1, 3);
        return random.Next(12) == 0 ? $"{Pick("Dr.|Captain|Mother|Old|Master|Lady|Professor")} {last}" : $"{first} {last}";
    }

    private string Place() => random.Next(3) switch
    {
        0 => Form(PlaceForms),
        1 => Root(1, 2) + Pick(PlaceEnds),
        _ => Root(2, 3),
    };

    private string Form(string forms) => string.Format(
        CultureInfo.InvariantCulture, Pick(forms), random.Next(4) == 0 ? Word(LastNames) : Root(1, 3), Pick(ShipNouns), Code(), random.Next(2, 10), Cap(Colour()), Cap(Pick(Objects)));

    private string Colour() => random.Next(4) == 0 ? $"{Pick("dark|light|pale|bright")} {Word(Colours)}" : Word(Colours);

    private string Code() => random.Next(3) switch
    {
        0 => $"{Upper()}{random.Next(1, 100)}",
        1 => $"{Upper()}{Upper()}-{random.Next(10, 1000)}",
        _ => $"{random.Next(1, 10)}.{random.Next(0, 20)}",
    };

    private char Upper() => (char)('A' + random.Next(26));

    /// <summary>An invented word of syllables, capitalised.</summary>
    private string Root(int fewest, int most)
    {
        StringBuilder word = new();
        int syllables = random.Next(fewest, most + 1);
        for (int i = 0; i < syllables; i++)
        {
            word.Append(Pick(Onsets)).Append(Pick(Vowels));
            if (i == syllables - 1 || random.Next(3) == 0)
            {
                word.Append(Pick(Codas));
            }
        }

        if (word.Length < 3)
        {
            word.Append(Pick("n|r|l|s|th")).Append(Pick("a|e|o"));
        }

        return Cap(word.ToString());
    }

    private string Adjective() => One(words.Adjectives);

    private string Noun() => random.Next(12) == 0 ? Lower(Root(1, 2)) : One(words.Nouns);

    private string Craft() => One(words.Crafts);

    private string Gerund() => One(words.Gerunds);

    private string Preposition() => One(words.Prepositions);

    private static string Article(string noun) => ("aeiou".Contains(noun[0], StringComparison.Ordinal) ? "an " : "a ") + noun;

    private static string Cap(string word) => char.ToUpperInvariant(word[0]) + word[1..];

    private static string Lower(string word) => char.ToLowerInvariant(word[0]) + word[1..];

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private string Pick(string list) => One(list.Split('|'));

    private string Word(string list) => One(list.Split(' '));

    private string One(string[] items) => items[random.Next(items.Length)];
}
