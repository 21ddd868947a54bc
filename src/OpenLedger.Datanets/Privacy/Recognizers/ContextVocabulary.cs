namespace OpenLedger.Datanets.Privacy.Recognizers;

/// <summary>The context words of the built-in recognisers; unaccented, since matching takes accents off.</summary>
internal static class ContextVocabulary
{
    /// <summary>Words before numbers that are no person's: orders, articles, instants, measurements.</summary>
    private static readonly string[] OtherNumbers =
    [
        "order", "order number", "order id", "order no", "invoice", "invoice number", "tracking", "tracking number", "shipment", "sku",
        "isbn", "issn", "doi", "pmid", "arxiv", "ean", "upc", "gtin", "barcode", "imei", "serial", "serial number", "part number",
        "timestamp", "epoch", "unix time", "version", "build", "commit", "revision", "ticket", "ticket number", "case number", "issue",
        "product code", "item", "item number", "model", "population", "hash", "uuid", "guid", "object id", "post id", "tweet", "message id",
        "transaction id", "ma don", "don hang", "ma don hang", "van don", "ma van don", "ma vach", "ma san pham", "so hoa don", "hoa don",
        "ma giao dich", "so seri", "phien ban", "ma ve", "reference number", "ref",
    ];

    public static readonly ContextWords Phone = With(
        "phone", "phone number", "phonenumber", "telephone", "tel", "mobile", "cell", "cellphone", "cell phone", "fax", "call", "call me",
        "calling", "dial", "sms", "whatsapp", "viber", "zalo", "telegram", "hotline", "contact", "contact number", "reach me",
        "reach us", "reach you", "text me", "message me", "messages to", "answering at", "answering", "ring me", "desk", "office",
        "home", "landline", "switchboard", "ext", "my registered", "registered mobile", "handset",
        "dien thoai", "so dien thoai", "dt", "sdt", "dtdd", "di dong", "so di dong", "goi so", "goi cho", "goi ngay", "goi dien", "goi toi", "goi em", "goi anh", "lien he", "lh", "so may",
        "may ban", "nhan tin", "alo", "duong day nong", "tong dai", "telefono", "telefon", "telefone", "handy", "mobil", "portable", "movil",
        "celular", "appel", "appelez", "rufen", "llamar", "tlf");

    public static readonly ContextWords Card = With(
        "card", "card number", "card no", "credit", "credit card", "creditcard", "debit", "debit card", "cc", "visa", "mastercard", "amex",
        "american express", "discover", "jcb", "diners", "maestro", "unionpay", "pan", "the tin dung", "the ghi no", "so the",
        "kreditkarte", "carte bancaire", "tarjeta");

    public static readonly ContextWords Iban = With("iban", "bank", "account", "konto", "compte", "cuenta", "swift", "bic");

    public static readonly ContextWords BankAccount = With(
        "account number", "account no", "acct", "acct no", "bank account", "bank account number", "stk", "so tai khoan",
        "tai khoan", "tk", "tai khoan ngan hang", "so tk", "chuyen khoan", "vietcombank", "vcb", "techcombank", "tcb", "bidv",
        "vietinbank", "agribank", "mb bank", "mbbank", "acb", "vpbank", "tpbank", "sacombank", "vib", "hdbank", "kontonummer", "cuenta");

    public static readonly ContextWords RoutingNumber = With("routing", "routing number", "routing no", "aba", "rtn");

    public static readonly ContextWords IpAddress = With(
        ["ip", "ip address", "address", "host", "server", "ping", "client", "client_ip", "blocked", "dia chi ip", "may chu"],
        ["version", "ver", "v", "release", "build", "section", "chapter", "firmware", "driver", "phien ban", "rfc", "clause", "oid"]);

    public static readonly ContextWords Mac = With("mac", "mac address", "ethernet", "wifi", "wi-fi", "bluetooth", "hardware address", "device");

    public static readonly ContextWords Crypto = With(
        ["address", "wallet", "btc", "bitcoin", "eth", "ethereum", "send to", "deposit", "dia chi vi", "vi dien tu", "account"],
        ["contract", "token contract", "tx", "hash"]);

    public static readonly ContextWords Ssn = With(
        "ssn", "social", "social security", "social security number", "ssns", "ss#", "ss no", "taxpayer", "tax id");

    public static readonly ContextWords Itin = With("itin", "taxpayer", "individual taxpayer", "tax id");

    public static readonly ContextWords Nhs = With("nhs", "nhs number", "nhs no", "national health", "patient", "patient number");

    public static readonly ContextWords Nino = With("nino", "national insurance", "national insurance number", "ni number", "ni no");

    public static readonly ContextWords SpanishId = With("dni", "nif", "nie", "documento", "documento nacional", "identidad", "cif");

    public static readonly ContextWords FiscalCode = With("codice fiscale", "cf", "c.f", "fiscal code", "tax code");

    public static readonly ContextWords Pesel = With("pesel", "nr pesel", "numer pesel");

    public static readonly ContextWords Nric = With("nric", "fin", "ic", "ic number", "singpass", "identity card");

    public static readonly ContextWords Tfn = With("tfn", "tax file number", "tax file");

    public static readonly ContextWords Abn = With("abn", "australian business number", "business number");

    public static readonly ContextWords Pan = With("pan", "pan card", "permanent account", "permanent account number", "income tax");

    public static readonly ContextWords Aadhaar = With("aadhaar", "aadhar", "adhar", "uid", "uidai");

    public static readonly ContextWords GermanTaxId = With(
        "steuer-id", "steuer id", "steueridentifikationsnummer", "steuer-identifikationsnummer", "idnr", "steuernummer", "tax id",
        "identifikationsnummer");

    public static readonly ContextWords Nir = With("nir", "securite sociale", "numero de securite sociale", "insee", "carte vitale", "n° ss");

    public static readonly ContextWords Bsn = With("bsn", "burgerservicenummer", "sofinummer", "sofi");

    public static readonly ContextWords Cpf = With("cpf", "cadastro de pessoas", "contribuinte");

    public static readonly ContextWords Cnpj = With("cnpj", "cadastro nacional");

    public static readonly ContextWords ChineseId = With("身份证", "身份证号", "身份证号码", "公民身份号码", "resident id", "id card", "id number");

    public static readonly ContextWords Cccd = With(
        "cccd", "can cuoc", "can cuoc cong dan", "so can cuoc", "so cccd", "the can cuoc", "so dinh danh", "dinh danh ca nhan", "ma dinh danh",
        "cmnd", "cmt", "cmtnd", "cccd/cmnd", "cmnd/cccd", "citizen id", "citizen identity", "giay to tuy than", "so cmnd", "id card", "vneid");

    public static readonly ContextWords Cmnd = With(
        "cmnd", "cmt", "cmtnd", "chung minh", "chung minh thu", "chung minh nhan dan", "so cmnd", "so cmt", "so chung minh",
        "giay chung minh", "cccd/cmnd", "cmnd/cccd", "giay to tuy than", "identity card", "id card");

    public static readonly ContextWords VietnameseTaxCode = With("mst", "ma so thue", "so thue", "tax code", "tax id", "mst/tin");

    public static readonly ContextWords VietnameseInsurance = With(
        "bhyt", "bhxh", "bao hiem y te", "bao hiem xa hoi", "the bao hiem", "so bao hiem", "ma so bhxh", "so bhxh", "so the bhyt",
        "ma the bhyt", "so so bhxh", "social insurance", "health insurance");

    public static readonly ContextWords Passport = With(
        "passport", "passport number", "passport no", "ho chieu", "so ho chieu", "pasaporte", "passeport", "reisepass", "pass no");

    public static readonly ContextWords DriverLicense = With(
        "driver license", "drivers license", "driver's license", "driver’s license", "driver's license number", "driving licence",
        "driving license", "driver licence", "license number", "licence number", "dl number", "giay phep lai xe", "bang lai", "bang lai xe",
        "gplx", "so gplx");

    public static readonly ContextWords LicensePlate = With(
        "bien so", "bien so xe", "bien kiem soat", "bks", "license plate", "number plate", "plate", "registration", "xe");

    public static readonly ContextWords DateOfBirth = Near(
        "born", "born on", "date of birth", "dob", "d.o.b", "birth date", "birthdate", "birthday", "birth", "ngay sinh", "sinh ngay",
        "sinh nhat", "ngay thang nam sinh", "sinh nam", "sinh vao", "ne le", "nee le", "date de naissance", "geboren", "geburtsdatum", "nacido",
        "nacida", "fecha de nacimiento", "nato il", "nata il", "data di nascita");

    public static readonly ContextWords PostalCode = Near(
        "zip", "zip code", "zipcode", "postcode", "post code", "postal code", "postal", "ma buu chinh", "ma buu dien", "plz", "postleitzahl",
        "code postal", "codigo postal", "cep");

    public static readonly ContextWords PrivateKey = With(
        ["private key", "private_key", "privatekey", "priv key", "secret", "secret key", "key", "signing key", "wallet key", "khoa rieng",
            "khoa bi mat", "khoa ca nhan", "pk", "mnemonic", "deployer key"],
        ["tx", "txn", "tx hash", "txhash", "transaction", "transaction hash", "hash", "block", "block hash", "blockhash", "root", "digest",
            "sha256", "sha-256", "checksum", "topic", "topics", "keccak", "keccak256", "merkle", "commit", "signature", "public key", "pubkey",
            "codehash", "storage", "leaf", "ma giao dich", "giao dich", "sha", "fingerprint", "id", "digests", "salt", "nonce"]);

    // For words that are common in ordinary text: shorter, and only before the place.
    private static ContextWords Near(params string[] supporting) => new(supporting, OtherNumbers) { Reach = 32, ReadsAfter = false };

    private static ContextWords With(params string[] supporting) => new(supporting, OtherNumbers);

    private static ContextWords With(string[] supporting, string[] contradicting) => new(supporting, contradicting);
}
