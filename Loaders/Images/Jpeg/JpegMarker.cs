namespace NativeFree.Loaders.Images;

/// <summary>The second bytes of JPEG markers (ITU-T T.81, table B.1), and the names of the processes that are not decoded.</summary>
internal static class JpegMarker
{
    internal const byte Tem = 0x01, Sof0 = 0xC0, Sof1 = 0xC1, Sof2 = 0xC2, Dht = 0xC4, Dac = 0xCC, Rst0 = 0xD0, Rst7 = 0xD7,
        Soi = 0xD8, Eoi = 0xD9, Sos = 0xDA, Dqt = 0xDB, Dnl = 0xDC, Dri = 0xDD, App0 = 0xE0, App1 = 0xE1, App14 = 0xEE, App15 = 0xEF, Com = 0xFE;

    /// <summary>What a frame of an unsupported kind is called, or null.</summary>
    internal static string? Unsupported(byte marker) => marker switch
    {
        0xC3 => "lossless coding (SOF3)",
        0xC5 => "hierarchical coding: differential sequential (SOF5)",
        0xC6 => "hierarchical coding: differential progressive (SOF6)",
        0xC7 => "hierarchical coding: differential lossless (SOF7)",
        0xC8 => "a reserved coding (JPG)",
        0xC9 => "arithmetic coding (SOF9)",
        0xCA => "arithmetic coding, progressive (SOF10)",
        0xCB => "arithmetic coding, lossless (SOF11)",
        0xCC => "arithmetic coding (DAC)",
        0xCD => "arithmetic coding, differential sequential (SOF13)",
        0xCE => "arithmetic coding, differential progressive (SOF14)",
        0xCF => "arithmetic coding, differential lossless (SOF15)",
        0xDE => "hierarchical coding (DHP)",
        0xDF => "hierarchical coding (EXP)",
        0xF7 => "JPEG-LS (SOF55)",
        _ => null,
    };

    internal static bool IsRestart(byte marker) => marker is >= Rst0 and <= Rst7;
}
